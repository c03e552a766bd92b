import { env, Uri, type Webview } from "vscode";

/** What the webview's page may load: nothing but what the extension brings. */
export function pageRoots(extensionUri: Uri): readonly Uri[] {
  return [Uri.joinPath(extensionUri, "dist")];
}

/** The page in which a panel's view runs. @param view the room whose view it is, as the bundle in `dist/` is called */
export function panelPage(webview: Webview, extensionUri: Uri, view: string, title: string): string {
  const at = (file: string): string => webview.asWebviewUri(Uri.joinPath(extensionUri, "dist", file)).toString();
  const nonce = crypto.randomUUID();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <link rel="stylesheet" href="${at("codicon.css")}" id="vscode-codicon-stylesheet">
  <link rel="stylesheet" href="${at(`${view}.css`)}">
  <title>${escaped(title)}</title>
</head>
<body>
  <script type="module" nonce="${nonce}" src="${at(`${view}.js`)}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
