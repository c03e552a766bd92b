/** Makes what is asked for any number of times happen once, with the next frame. */
export function onceAFrame(happen: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      happen();
    });
  };
}
