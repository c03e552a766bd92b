/**
 * The text as it stands, for a notification: VS Code makes a link of `[label](command:…)` there, which runs any command, and names of
 * streams and reasons of servers are anybody's.
 */
export const plainText = (text: string): string => text.replaceAll("](", "]\u200B(");
