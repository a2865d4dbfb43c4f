/** The migrated database that {@link cloneDatabase} copies; nobody may be connected to it. */
export const templateName = "talkme_template";
