export const pgBossQueue = "send";
