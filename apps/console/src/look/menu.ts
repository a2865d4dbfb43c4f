import type { Rights } from "@talkme/outbox/console";

import type { Texts } from "../language/pt-br.ts";

interface MenuItem {
  readonly to: string;
  readonly name: string;
}

/** The pages that a person may see, in the menu's order. */
export function menuOf(rights: Rights, { menu }: Texts): readonly MenuItem[] {
  const seesAll = rights.operator || rights.viewer;
  return [
    { to: "/", name: menu.home },
    { to: "/campanhas", name: menu.campaigns },
    { to: "/listas", name: menu.batches },
    { to: "/desconhecidos", name: menu.unknown },
    { to: "/mensagens", name: menu.messages },
    { to: "/pausas", name: menu.pauses },
    ...(seesAll ? [{ to: "/auditoria", name: menu.audit }] : []),
  ];
}
