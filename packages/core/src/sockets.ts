/** For syncd, whose connections to PostgreSQL choose among addresses in the same way. Not part of this package's API. */
export { connectAnyAddress, type ConnectAnyOptions } from "./transport/connect-any-address.ts";
