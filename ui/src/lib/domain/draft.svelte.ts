// Words that are typed for a deed that is not confirmed yet: on the disk as they are typed, and there again when the same is
// asked, also after a restart or of somebody else. The station forgets them with the deed, the step and the visit.
import { onDestroy } from 'svelte';
import { backend } from '$lib/backend/backend';
import type { AppError, DraftFor, Draft as Kept } from '$lib/backend/contract';
import { appError } from './session.svelte';
import { Typed } from './typed.svelte';

/** What is asked of the visit. */
interface Asked {
  /** The visit it was asked of: the page may have gone to another one, or to none, when the words are saved. */
  id: string;
  key: string;
  what: DraftFor;
  about: string;
}

export class Draft {
  /** Why what is typed is not on the disk, or why what is there could not be read. */
  problem = $state.raw<AppError | null>(null);
  #asked = $state.raw<Asked | null>(null);
  #savedAt = $state<Record<string, string>>({});
  #all = new Map<string, Asked>();
  /** What is being read into the field, until somebody types there. */
  #reading: symbol | null = null;
  /** Why what is on the disk could not be read, until other words are there. */
  #unread: AppError | null = null;
  #busy = false;
  readonly #typed: Typed;

  constructor(private readonly id: () => string) {
    this.#typed = new Typed(async (key, text) => {
      const asked = this.#all.get(key);
      if (!asked) return undefined;
      this.#keep(key, await backend().saveDraft(asked.id, asked.what, asked.about, text));
      if (key === this.#asked?.key && this.problem === this.#unread) this.problem = null;
      return undefined;
    }, this);
  }

  /** Something is asked: the words that were typed for it before come back. `about` says of which warning, part or finger. */
  open(what: DraftFor, about = ''): void {
    const id = this.id();
    const asked = { id, key: `${id}/${what}/${about}`, what, about };
    this.#all.set(asked.key, asked);
    this.#asked = asked;
    // What could not be saved yet stands, and says so.
    if (this.#typed.pending[asked.key]) return;
    this.problem = this.#unread = null;
    // What was typed in this window may have gone with a deed since.
    delete this.#typed.text[asked.key];
    delete this.#savedAt[asked.key];
    const reading = (this.#reading = Symbol(asked.key));
    void this.#read(asked, reading);
  }

  async #read({ id, key, what, about }: Asked, reading: symbol): Promise<void> {
    try {
      const kept = await backend().draft(id, what, about);
      if (this.#reading !== reading) return;
      this.#keep(key, kept);
      this.#typed.text[key] = kept?.text ?? '';
    } catch (e) {
      if (this.#reading === reading) this.problem = this.#unread = appError(e);
    }
  }

  #keep(key: string, kept: Kept | null): void {
    if (kept) this.#savedAt[key] = kept.savedAt;
    else delete this.#savedAt[key];
  }

  get text(): string {
    return this.#asked ? (this.#typed.text[this.#asked.key] ?? '') : '';
  }
  set text(text: string) {
    if (!this.#asked || text === this.text) return;
    this.#reading = null;
    this.#typed.type(this.#asked.key, text);
  }

  /** Typed, and not on the disk yet. */
  get pending(): boolean {
    return this.#asked !== null && this.#typed.pending[this.#asked.key] === true;
  }

  /** When it was kept; null where nothing is. */
  get savedAt(): string | null {
    return this.#asked ? (this.#savedAt[this.#asked.key] ?? null) : null;
  }

  /** Saves what still waits. */
  async flush(): Promise<void> {
    await this.#typed.flush();
  }

  /**
   * Runs the deed that says the words, which answers whether it is done. What was typed is on the disk before, where there is room,
   * which takes a while on a slow one: `work` says what stood there before this was called, and not what stands there by then.
   * Nothing is saved meanwhile, nor after a deed that is done. A second press while it runs does nothing, and answers false.
   */
  async deed(work: () => Promise<boolean>): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    const key = this.#asked?.key;
    try {
      await this.#typed.flush();
      return await this.#typed.hold(async () => {
        const done = await work();
        if (done && key !== undefined) this.#forget(key);
        return done;
      });
    } finally {
      this.#busy = false;
    }
  }

  #forget(key: string): void {
    this.#reading = null;
    this.#typed.forget((gone) => gone === key);
    delete this.#savedAt[key];
    this.problem = null;
  }
}

/** The draft of one page or dialog of a visit; what was typed there is saved when it goes. */
export function draftOf(id: () => string): Draft {
  const draft = new Draft(id);
  onDestroy(() => void draft.flush());
  return draft;
}
