import { backend } from '$lib/backend/backend';
import type { QueueRow, ResidentRow } from '$lib/backend/contract';
import { session } from '$lib/domain/session.svelte';
import { debounce } from '$lib/shared/debounce';

/** What is typed or scanned above the queue, and the visits and residents that it names. */
export class Search {
  /** The field as it is written. */
  text = $state('');
  /** What was found; null while nothing is looked for. */
  found = $state.raw<{ rows: QueueRow[]; residents: ResidentRow[] } | null>(null);
  /** What `found` answers. */
  #answered = '';
  readonly #later = debounce((query: string) => {
    // A code may have been scanned in the meantime, or the field emptied.
    if (query === this.query && query !== this.#answered) void this.seek();
  }, 150);

  get query(): string {
    return this.text.trim();
  }
  /** Whether `found` answers what stands in the field. */
  get isAnswered(): boolean {
    return this.found !== null && this.#answered === this.query;
  }
  /** After every letter: looks once the hand rests. */
  typed(): void {
    this.#later(this.query);
  }
  /** Looks for what stands in the field; an answer to what was typed before it is left aside. */
  async seek(): Promise<void> {
    const { query } = this;
    const next = query === '' ? null : ((await session.run(() => backend().search(query))) ?? null);
    if (query !== this.query) return;
    this.found = next;
    this.#answered = query;
  }
  /** A code that the camera read: what it names is found like something typed. */
  async scanned(code: string): Promise<void> {
    this.text = '';
    this.#answered = '';
    this.found = (await session.run(() => backend().search(code))) ?? null;
  }
  clear(): void {
    this.text = '';
    this.#answered = '';
    this.found = null;
  }
}
