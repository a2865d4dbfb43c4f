import { expect, test } from "vitest";

import { guessColumns } from "./guess-columns.ts";

test.each([
  ["Celular;Nome;Valor", { numero_dest: 1, nome: 2 }],
  [
    "CPF;NOME COMPLETO;TELEFONE;E-mail;Município;UF",
    { documento: 1, nome: 2, numero_dest: 3, email: 4, cidade: 5, estado: 6 },
  ],
  ["Telefone;WhatsApp", { numero_dest: 2 }],
  ["telefone1;telefone2;nome", { numero_dest: 1, telefone2: 2, nome: 3 }],
  ["geral1;numero_dest;geral2", { geral1: 1, numero_dest: 2, geral2: 3 }],
  ["Endereço;CEP;País;phone", { endereco: 1, cep: 2, pais: 3, numero_dest: 4 }],
  ["x;y", {}],
])("headings as people write them name their fields: %s", (headings, fields) => {
  expect(guessColumns(headings.split(";"))).toEqual(fields);
});
