// The body of a function, for the walks and for the pictures of the twin (ui/scripts/shots.mjs): answers the panels that do not hold
// what stands in them, each by its classes and by how much, and the bars of few actions whose primary one is narrower than the
// others, or whose reason takes more than the three lines that a bar holds. A panel that scrolls on purpose is left out, and so is
// whatever hovers over the page: a list that drops down, a word for a reader.
const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible';
const scrolls = (e) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowY);
const hovers = (e) => e.matches('.sr, .drop') || getComputedStyle(e).position === 'fixed';
const named = (e) => `${e.tagName.toLowerCase()}.${[...e.classList].filter((c) => !c.startsWith('s-') && !c.startsWith('svelte-')).join('.')}`;
const found = [];
for (const panel of document.querySelectorAll('.panel')) {
  if (!shown(panel) || scrolls(panel)) continue;
  const whose = `${named(panel)} ${panel.dataset.testid ?? panel.querySelector('h2')?.textContent.trim() ?? ''}`.trim();
  if (panel.scrollHeight > panel.clientHeight + 1) {
    found.push(`${whose}: ${panel.scrollHeight} in ${panel.clientHeight}`);
  }
  const box = panel.getBoundingClientRect();
  for (const child of panel.children) {
    if (!shown(child) || hovers(child)) continue;
    const at = child.getBoundingClientRect();
    const beyond = Math.max(box.left - at.left, at.right - box.right, box.top - at.top, at.bottom - box.bottom);
    if (beyond > 1) found.push(`${whose}: ${named(child)} leaves it by ${Math.round(beyond)}`);
  }
}
for (const primary of document.querySelectorAll('.bar > .btn.primary')) {
  const wide = primary.getBoundingClientRect().width;
  const few = primary.parentElement.querySelectorAll(':scope > .btn').length < 5;
  if (few && wide < 235.5) found.push(`the primary action is ${Math.round(wide)} wide`);
  const why = primary.parentElement.querySelector('.why');
  const lines = why ? why.getBoundingClientRect().height / parseFloat(getComputedStyle(why).lineHeight) : 0;
  if (lines > 3.1) found.push(`the reason takes ${Math.round(lines)} lines: ${why.textContent.trim()}`);
}
return found;
