/** While it is there nothing else of the window can have the focus: what lies below a screen that covers it all. */
export function alone(node: HTMLElement): { destroy: () => void } {
  const shut: HTMLElement[] = [];
  for (let at: HTMLElement = node; at !== document.body && at.parentElement; at = at.parentElement) {
    for (const other of at.parentElement.children) {
      if (other === at || !(other instanceof HTMLElement) || other.inert) continue;
      other.inert = true;
      shut.push(other);
    }
  }
  return {
    destroy: () => {
      for (const other of shut) other.inert = false;
    },
  };
}
