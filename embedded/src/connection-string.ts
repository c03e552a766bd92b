/** Connection strings as texts, for tools that check, keep and change them. Nothing here connects; `./client` does. */
export {
  type ConnectionStringParts,
  connectionStringParts,
  optionName,
  serversIn,
} from "./client/connection-string-parts.ts";
