import { Help, type Command, type OutputConfiguration } from "commander";

import type { Terminal } from "./commands/terminal.ts";
import { help, libraryWords } from "./language/screens/help.ts";
import type { Language } from "./language/language.ts";

/** A command whose help and errors are in one language, for its subcommands too: they copy it where they are made. */
export function speaking(command: Command, language: Language, { out, err }: Terminal): Command {
  const output: OutputConfiguration = {
    writeOut: out,
    writeErr: err,
    outputError: (text, write) => write(translatedError(text, language)),
  };
  return command
    .configureOutput(output)
    .configureHelp({
      styleTitle: (title) =>
        Object.entries(libraryWords.titles)
          .find(([one]) => one === title)?.[1]
          .in(language) ?? title,
      optionDescription: (option) =>
        new Help()
          .optionDescription(option)
          .replace("(default: ", `(${libraryWords.defaultValue.in(language)}`),
      showGlobalOptions: true,
    })
    .helpOption("-h, --help", help.help.in(language))
    .helpCommand("help [command]", help.help.in(language));
}

/** The library has no other way to say it in another language: its errors are whole sentences. */
function translatedError(text: string, language: Language): string {
  return libraryWords.errors.reduce(
    (translated, [pattern, said]) => translated.replace(pattern, said.in(language)),
    text,
  );
}
