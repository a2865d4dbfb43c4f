/** What people call a column, without accents, capitals and signs; the first that fits wins. */
const names: readonly (readonly [field: string, name: RegExp])[] = [
  [
    "numero_dest",
    /^(numerodest|celular|cel|whatsapp|whats|wpp|zap|telefonecelular|numerowhatsapp|phone|mobile)\d?$/,
  ],
  ["numero_dest", /^(telefone|fone|tel|numero|contato|telefone1|fone1|number)$/],
  ["email_dest", /^emaildest$/],
  ["dedupe_key", /^(dedupekey|chave)$/],
  ["documento", /^(documento|cpf|cnpj|cpfcnpj|doc)$/],
  ["nome", /^(nome|nomecompleto|cliente|nomecliente|nomedocliente|name)$/],
  ["email", /^(email|correioeletronico)$/],
  ["endereco", /^(endereco|rua|logradouro)$/],
  ["bairro", /^bairro$/],
  ["cep", /^cep$/],
  ["cidade", /^(cidade|municipio)$/],
  ["estado", /^(estado|uf)$/],
  ["pais", /^pais$/],
  ["telefone1", /^telefone1$/],
  ["telefone2", /^(telefone2|fone2)$/],
  ["telefone3", /^(telefone3|fone3)$/],
  ["geral1", /^geral1$/],
  ["geral2", /^geral2$/],
  ["geral3", /^geral3$/],
  ["geral4", /^geral4$/],
  ["geral5", /^geral5$/],
];

/**
 * Which column is which field, as far as the headings say it: `{ numero_dest: 1, nome: 2 }`, columns counted from 1. A person sees it
 * and corrects it.
 */
export function guessColumns(columns: readonly string[]): Readonly<Record<string, number>> {
  const guessed: Record<string, number> = {};
  const taken = new Set<number>();
  for (const [field, name] of names) {
    if (field in guessed) continue;
    const i = columns.findIndex((column, j) => !taken.has(j) && name.test(bare(column)));
    if (i === -1) continue;
    guessed[field] = i + 1;
    taken.add(i);
  }
  return guessed;
}

function bare(heading: string): string {
  return heading
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");
}
