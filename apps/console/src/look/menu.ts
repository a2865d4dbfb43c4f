import { bringsIn, seesCampaigns, seesEverything, type Rights } from "@talkme/outbox/console";

import { uploadPath } from "../lists/upload-path.ts";
import type { Texts } from "../language/pt-br.ts";

interface MenuItem {
  readonly to: string;
  readonly name: string;
}

/** The pages that a person may see, in the menu's order. */
export function menuOf(rights: Rights, { menu, sendList }: Texts): readonly MenuItem[] {
  return [
    { to: "/", name: menu.home },
    ...(seesCampaigns(rights) ? [{ to: "/campanhas", name: menu.campaigns }] : []),
    ...(bringsIn(rights) ? [{ to: uploadPath, name: sendList.menu }] : []),
    { to: "/listas", name: menu.batches },
    { to: "/desconhecidos", name: menu.unknown },
    { to: "/mensagens", name: menu.messages },
    { to: "/pausas", name: menu.pauses },
    ...(seesEverything(rights) ? [{ to: "/auditoria", name: menu.audit }] : []),
  ];
}
