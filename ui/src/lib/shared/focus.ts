/**
 * When what has the focus goes away (a question that was answered, a button that did its work), the focus goes to the action
 * that Enter starts, so that Tab goes on from the work and not from the top of the window. Until the returned function is
 * called.
 */
export function keepFocus(): () => void {
  let last: Element | null = null;
  const note = (event: FocusEvent) => (last = event.target instanceof Element ? event.target : null);
  const lost = () => last !== null && !last.isConnected && document.activeElement === document.body;
  const watch = new MutationObserver(() => {
    if (!lost()) return;
    // A page or a dialog that has just appeared takes the focus itself.
    setTimeout(() => {
      if (!lost()) return;
      last = null;
      document.querySelector<HTMLElement>('.bar .btn.primary')?.focus({ preventScroll: true });
    }, 0);
  });
  window.addEventListener('focusin', note);
  watch.observe(document.body, { childList: true, subtree: true });
  return () => {
    watch.disconnect();
    window.removeEventListener('focusin', note);
  };
}
