/** For syncd, whose connections to PostgreSQL choose among addresses in the same way, and which checks its API's. Not part of this package's API. */
export { connectAnyAddress, type ConnectAnyOptions } from "./transport/connect-any-address.ts";
export { parseProxyUrl, type Proxy } from "./transport/proxy.ts";
export { ProxyError } from "./transport/proxy-error.ts";
export { tryConnection } from "./transport/try-connection.ts";
