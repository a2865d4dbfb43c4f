/** What a person reads in the row of a message whose time was over. */
export const expiredError =
  "It was not sent before expires_at. To send it after all, insert it again with a later one.";
