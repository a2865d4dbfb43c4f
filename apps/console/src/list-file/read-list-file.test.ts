import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { ListFileFault } from "./list-file-fault.ts";
import { readForm, readLines, type ListFileForm, type ListFileLine } from "./read-list-file.ts";

async function fileOf(content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "talkme-list-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "lista.csv");
  await writeFile(path, content);
  return path;
}

async function read(
  content: string | Uint8Array,
): Promise<{ form: ListFileForm; lines: readonly ListFileLine[] }> {
  const path = await fileOf(content);
  const form = await readForm(path);
  const lines: ListFileLine[] = [];
  for await (const { line, cells } of readLines(path, form, content.length)) lines.push({ line, cells });
  return { form, lines };
}

const faultOf = async (content: string | Uint8Array): Promise<unknown> =>
  read(content).then(
    () => "none",
    (error: unknown) => (error instanceof ListFileFault ? [error.kind, error.line] : error),
  );

const latin = (text: string): Uint8Array => Buffer.from(text, "latin1");
const expected = [
  { line: 2, cells: ["11988887777", "João", "R$ 10,00"] },
  { line: 3, cells: ["21988887777", "Conceição", "R$ 1.234,50"] },
];

test.each([
  [
    "semicolons",
    "Celular;Nome;Valor\n11988887777;João;R$ 10,00\n21988887777;Conceição;R$ 1.234,50\n",
    ";",
    "utf-8",
  ],
  [
    "a byte order mark and CRLF",
    "\uFEFFCelular;Nome;Valor\r\n11988887777;João;R$ 10,00\r\n21988887777;Conceição;R$ 1.234,50",
    ";",
    "utf-8",
  ],
  [
    "commas and quotes",
    'Celular,Nome,Valor\n11988887777,João,"R$ 10,00"\n21988887777,Conceição,"R$ 1.234,50"\n',
    ",",
    "utf-8",
  ],
  [
    "tabs",
    "Celular\tNome\tValor\n11988887777\tJoão\tR$ 10,00\n21988887777\tConceição\tR$ 1.234,50\n",
    "\t",
    "utf-8",
  ],
  [
    "old Macintosh's line ends",
    "Celular;Nome;Valor\r11988887777;João;R$ 10,00\r21988887777;Conceição;R$ 1.234,50",
    ";",
    "utf-8",
  ],
  [
    "windows-1252",
    latin("Celular;Nome;Valor\n11988887777;João;R$ 10,00\n21988887777;Conceição;R$ 1.234,50\n"),
    ";",
    "windows-1252",
  ],
  [
    "UTF-16, as Excel's Unicode text",
    Buffer.from(
      "\uFEFFCelular\tNome\tValor\r\n11988887777\tJoão\tR$ 10,00\r\n21988887777\tConceição\tR$ 1.234,50\r\n",
      "utf16le",
    ),
    "\t",
    "utf-16le",
  ],
])("a list is read as people make it: %s", async (_, content, separator, encoding) => {
  const { form, lines } = await read(content);
  expect(form).toEqual({ separator, encoding, columns: ["Celular", "Nome", "Valor"] });
  expect(lines).toEqual(expected);
});

test("a line keeps the number at which it begins, beside empty lines and line breaks in quotes", async () => {
  const { lines } = await read('a;b\n1;"x\ny"\n\n;;\n2;z\n');
  expect(lines).toEqual([
    { line: 2, cells: ["1", "x\ny"] },
    { line: 6, cells: ["2", "z"] },
  ]);
});

test("a heading without a name has its number, and cells that are missing are missing", async () => {
  const { form, lines } = await read("a;;c\n1\n2;3;4;;\n");
  expect(form.columns).toEqual(["a", "#2", "c"]);
  expect(lines.map(({ cells }) => cells)).toEqual([["1"], ["2", "3", "4"]]);
});

test("a stray quotation mark does not swallow the lines after it", async () => {
  const { lines } = await read('a;b\n1;TV 50" nova\n2;x\n');
  expect(lines.map(({ cells }) => cells)).toEqual([
    ["1", 'TV 50" nova'],
    ["2", "x"],
  ]);
});

test.each([
  ["an empty one", "", ["empty", null]],
  ["headings alone", "a;b\n", ["no lines", null]],
  ["white space", "\n \n", ["empty", null]],
  ["a workbook", Buffer.from("PK\u0003\u0004xl/workbook.xml"), ["workbook", null]],
  ["an old workbook", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), ["workbook", null]],
  ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), ["no text", null]],
  ["300 columns", `${"a;".repeat(300)}\n1;2\n`, ["too many columns", null]],
  ["a line of 1 MB", `a;b\n1;2\n3;${"x".repeat(1_000_000)}\n`, ["long line", 3]],
  ["a heading of 1 MB", `${"x".repeat(1_000_000)}\n1\n`, ["long line", 1]],
  ["a quotation mark that nobody closed", `a;b\n1;"x\n${"2;y\n".repeat(50_000)}`, ["long line", 2]],
  ["more cells than headings", "a;b\n1;2\n3;4;5\n", ["too many columns", 3]],
])("a file that is no list is refused, and it is said where: %s", async (_, content, fault) => {
  expect(await faultOf(content)).toEqual(fault);
});

test("memory stays flat while a list of 200,000 lines is read", async () => {
  const path = await fileOf(
    `Celular;Nome\n${"11988887777;Fulano de tal e mais um pouco de texto para a linha ter tamanho\n".repeat(200_000)}`,
  );
  const form = await readForm(path);
  let lines = 0;
  let most = 0;
  for await (const { share } of readLines(path, form, 14.8e6)) {
    lines += 1;
    expect(share).toBeLessThanOrEqual(1);
    if (lines % 20_000 === 0) {
      globalThis.gc?.();
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }
  }
  expect(lines).toBe(200_000);
  expect(most).toBeLessThan(8e6);
});
