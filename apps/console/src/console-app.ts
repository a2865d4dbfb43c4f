import { Hono } from "hono";
import type { Logger } from "pino";

import type { LoginSettings } from "./config/settings.ts";
import type { Database } from "./database/database.ts";
import { routeAssets } from "./http/asset-routes.ts";
import { routeProbes } from "./http/probes.ts";
import { security } from "./http/security.ts";
import { routeAudit } from "./pages/audit-page.ts";
import { routeBatchResults } from "./pages/batch-results.ts";
import { routeBatches } from "./pages/batches-page.ts";
import { routeCampaigns } from "./pages/campaigns-page.ts";
import { routeDecision } from "./pages/decision-page.ts";
import { routeHome } from "./pages/home-page.ts";
import { routeLanguage } from "./pages/language-page.ts";
import { routeLogin } from "./pages/login-page.ts";
import { routeList } from "./pages/list-page.ts";
import { routeMessage } from "./pages/message-page.ts";
import { routeMessages } from "./pages/messages-page.ts";
import { routePauses } from "./pages/pauses-page.ts";
import { routeSendList } from "./pages/send-list-page.ts";
import { routeUnknown } from "./pages/unknown-page.ts";
import { byProxy, bySession } from "./persons/identify.ts";
import { SessionCookie } from "./persons/session-cookie.ts";
import type { ListJobs } from "./lists/list-jobs.ts";
import { uploadPath } from "./lists/upload-path.ts";
import { errorPage, notFoundPage } from "./requests/error-page.ts";
import { PersonRequests } from "./requests/person-requests.ts";

export interface ConsoleParts {
  readonly database: Database;
  readonly jobs: ListJobs;
  readonly login: LoginSettings;
  readonly publicOrigin: string | null;
  readonly isStopping: () => boolean;
  readonly log: Logger;
}

/** Every address of the console. A new page is a file in `pages` and a line here, and one in the menu. */
export function consoleApp({ database, jobs, login, publicOrigin, isStopping, log }: ConsoleParts): Hono {
  const app = new Hono();
  const cookie = new SessionCookie(publicOrigin);
  const isLocal = login.kind === "local";
  const identify = login.kind === "local" ? bySession(cookie) : byProxy(login.addresses, login.header);
  const requests = new PersonRequests({ database, identify, canLogOut: isLocal });

  const sendList = { requests, database, jobs };

  routeProbes(app, database, isStopping);
  for (const middleware of security(publicOrigin, uploadPath)) app.use(middleware);
  app.onError(errorPage(log, isLocal ? "/entrar" : null));
  app.notFound(notFoundPage);
  routeAssets(app);
  routeLanguage(app);
  if (isLocal) routeLogin(app, database, cookie);

  routeHome(app, requests);
  routeCampaigns(app, requests);
  routeSendList(app, sendList);
  routeList(app, sendList);
  routeBatches(app, requests);
  routeBatchResults(app, requests, database);
  routeDecision(app, requests);
  routeUnknown(app, requests);
  routeMessages(app, requests);
  routeMessage(app, requests);
  routePauses(app, requests);
  routeAudit(app, requests);
  return app;
}
