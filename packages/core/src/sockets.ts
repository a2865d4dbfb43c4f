/** For syncd, whose connections to PostgreSQL choose among addresses as those to the API do. Not a part of the API of this package. */
export { connectAnyAddress, type ConnectAnyOptions } from "./transport/connect-any-address.ts";
