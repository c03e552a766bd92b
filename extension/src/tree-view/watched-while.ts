import { Disposable } from "vscode";

/** Something that goes on while a view is visible, and not while it is hidden. @param begin answers what ends it */
export function watchedWhile(
  view: { readonly visible: boolean; readonly onDidChangeVisibility: (listener: () => void) => Disposable },
  begin: () => () => void,
): Disposable {
  let end = view.visible ? begin() : undefined;
  const listener = view.onDidChangeVisibility(() => {
    if (view.visible) end ??= begin();
    else {
      end?.();
      end = undefined;
    }
  });
  return new Disposable(() => {
    listener.dispose();
    end?.();
  });
}
