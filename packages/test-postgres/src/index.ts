export { createDatabase, type TestDatabase } from "./database.ts";
export { startEmbeddedServer, type EmbeddedServer } from "./embedded-server.ts";
export { findFreePort } from "./free-port.ts";
export { asMember, createMember, memberUrl } from "./member-url.ts";
export type { PostgresServer, StartOptions, StopMode } from "./postgres-server.ts";
export { installedVersions } from "./installed-versions.ts";
export { findUnprivilegedUser, type UnprivilegedUser } from "./unprivileged-user.ts";
export { startPostgres } from "./start-postgres.ts";
export { templateName } from "./template-name.ts";
