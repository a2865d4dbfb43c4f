import { beginSession, endSession, findAccount, actAsConsole } from "@talkme/outbox/console";
import type { Context, Hono } from "hono";
import { z } from "zod";

import type { Database } from "../database/database.ts";
import { languageOf } from "../language/languages.ts";
import { wordsOf, type Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { layout } from "../look/layout.ts";
import { LoginLimiter } from "../persons/login-limiter.ts";
import { isPassword } from "../persons/password.ts";
import { remoteAddress } from "../persons/remote-address.ts";
import { sessionSeconds, type SessionCookie } from "../persons/session-cookie.ts";
import { newToken, tokenHash } from "../persons/session-token.ts";
import { readForm } from "../requests/input.ts";

const statementMs = 5000;

/** Behind a proxy, all people come from one address. */
const triesOfName = 5;
const triesFromAddress = 50;

const form = z.object({ nome: z.string().max(200), senha: z.string().max(1000) });

/** Log-in by a password, and log-out. Every refusal reads the same, whether the name exists or not. */
export function routeLogin(app: Hono, { db }: Database, cookie: SessionCookie): void {
  const names = new LoginLimiter(triesOfName);
  const addresses = new LoginLimiter(triesFromAddress);

  app.get("/entrar", (context) => answer(context, null));

  app.post("/entrar", async (context) => {
    const { texts, formats } = wordsOf(languageOf(context));
    const { nome: name, senha: password } = await readForm(context, form);
    const address = remoteAddress(context) ?? "";
    const nowMs = performance.now();
    const waitMs = Math.max(names.waitMs(name, nowMs), addresses.waitMs(address, nowMs));
    if (waitMs > 0) return answer(context, texts.login.wait(formats.duration(waitMs / 1000)));
    names.began(name, nowMs);
    addresses.began(address, nowMs);

    const account = await db.transaction().execute(async (transaction) => {
      await actAsConsole(transaction, statementMs);
      return findAccount(transaction, name);
    });
    if (!(await isPassword(password, account?.password ?? null))) return answer(context, texts.login.wrong);
    names.forget(name);
    addresses.takeBack(address);
    const token = newToken();
    await db.transaction().execute(async (transaction) => {
      await actAsConsole(transaction, statementMs);
      await beginSession(transaction, tokenHash(token), name, sessionSeconds);
    });
    cookie.write(context, token);
    return context.redirect("/", 303);
  });

  app.post("/sair", async (context) => {
    const token = cookie.read(context);
    if (token !== null)
      await db.transaction().execute(async (transaction) => {
        await actAsConsole(transaction, statementMs);
        await endSession(transaction, tokenHash(token));
      });
    cookie.remove(context);
    return context.redirect("/entrar", 303);
  });

  function answer(context: Context, problem: string | null): Response | Promise<Response> {
    const words = wordsOf(languageOf(context));
    const hadSession = cookie.read(context) !== null && context.req.method === "GET";
    const notice = problem ?? (hadSession ? words.texts.login.ended : null);
    const body = loginForm(words, notice);
    const parts = { words, person: null, path: "/entrar", notice: null, canLogOut: false };
    return context.html(
      layout({ title: words.texts.login.title, body, ...parts }),
      problem === null ? 200 : 401,
    );
  }
}

function loginForm({ texts }: Words, notice: string | null): Html {
  return html`${notice === null ? "" : html`<p class="notice bad" role="alert">${notice}</p>`}
    <form class="card narrow" method="post" action="/entrar">
      <label class="field"
        ><span>${texts.login.name}</span>
        <input
          name="nome"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          autofocus
      /></label>
      <label class="field"
        ><span>${texts.login.password}</span>
        <input name="senha" type="password" autocomplete="current-password" required
      /></label>
      <button class="primary">${texts.login.submit}</button>
    </form>`;
}
