/** Shows light or dark; `system` follows the desktop. Returns what undoes the following. */
export function theme(wanted: 'light' | 'dark' | 'system'): () => void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const show = () => {
    const on = wanted === 'dark' || (wanted === 'system' && dark.matches);
    document.documentElement.dataset['theme'] = on ? 'dark' : 'light';
  };
  show();
  dark.addEventListener('change', show);
  return () => dark.removeEventListener('change', show);
}
