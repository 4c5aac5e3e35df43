// A print of the Buku Register in several parts. It outlives the page: whoever signs in again after the screen was locked finds
// how far it has come.
import { backend } from '$lib/backend/backend';
import type { PaperPrints, PrintJob, RegisterPart, RegisterPrint } from '$lib/backend/contract';
import { appError, session } from '$lib/domain/session.svelte';

/** The printer is asked from time to time how it is, and is busy meanwhile: so often, so long apart, it is tried again. */
const TRIES = 20;
const APART_MS = 250;

const officer = () => session.station?.signedIn?.id ?? '';

export class BookPrint {
  book = $state.raw<RegisterPrint | null>(null);
  /** Parts that came out, by their place. */
  out = $state.raw<ReadonlySet<number>>(new Set());
  /** The part that the printer has. */
  at = $state<number | null>(null);
  /** How the part ended that did not come out. */
  job = $state.raw<PrintJob | null>(null);
  /** The part that the printer has is the last one. */
  stopping = $state(false);
  /** What keeps the part from coming out. */
  heldUp = $state<string | null>(null);
  /** What must be known before the next part is printed once more. */
  asks = $state.raw<PaperPrints | null>(null);
  /** Why parts that came out before are printed again, and who said so, once for all of them. */
  #reason = { words: '', by: '' };

  /** Place of the first part that did not come out; null when all did. */
  next = $derived.by(() => {
    const place = this.book?.parts.findIndex((_, n) => !this.out.has(n)) ?? -1;
    return place < 0 ? null : place;
  });

  /** A book on show is never replaced: the printer may have a part of it. */
  open(book: RegisterPrint): void {
    if (this.book !== null) return;
    this.close();
    this.book = book;
  }

  close(): void {
    [this.book, this.out, this.job, this.stopping, this.heldUp] = [null, new Set(), null, false, null];
    [this.asks, this.#reason] = [null, { words: '', by: '' }];
  }

  /**
   * Prints what did not come out, part by part: to the end, a stop, a question, or a part of which its printer does not say that it
   * came out. `reason`: why what came out before is printed again.
   */
  async print(reason = ''): Promise<void> {
    if (this.at !== null) return;
    [this.job, this.asks, this.stopping] = [null, null, false];
    if (reason !== '') this.#reason = { words: reason, by: officer() };
    session.problem = null;
    for (let place = this.next; place !== null && !this.stopping; place = this.next) {
      [this.at, this.heldUp] = [place, null];
      const came = await this.#part(this.book!.parts[place]!);
      this.at = null;
      if (!came) break;
      this.came(place);
    }
    this.stopping = false;
  }

  /** Whether a part came out; what else became of it is kept. */
  async #part(part: RegisterPart): Promise<boolean> {
    const prints = await session.run(() => backend().paperPrints(part.document.documentId));
    if (!prints) return false;
    // Whoever signs in after gives a reason of their own: the reprint stands under their name.
    const reason = this.#reason.by === officer() ? this.#reason.words : '';
    if (prints.unknown || (prints.again && reason === '')) {
      this.asks = prints;
      return false;
    }
    this.job = await this.#send(part, prints.again ? reason : '');
    return this.job?.state === 'done';
  }

  /**
   * An officer said that something of the next part came out. It counts as printed, and once more it is printed only with a reason;
   * whether all of its sheets are there is not said yet.
   */
  answered(prints: PaperPrints): void {
    [this.asks, this.job] = [prints, null];
  }

  /** The next part is printed already, as an officer said: all of its sheets are there. */
  pass(): void {
    this.asks = null;
    if (this.next !== null) this.came(this.next);
  }

  /** A part came out, here or by itself. */
  came(place: number): void {
    this.out = new Set([...this.out, place]);
    this.job = null;
  }

  stop(): void {
    this.stopping = this.at !== null;
  }

  async #send(part: RegisterPart, reason: string): Promise<PrintJob | null> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await backend().printDocument(part.document.documentId, reason);
      } catch (e) {
        const error = appError(e);
        if (error.key !== 'device_busy' || tries === TRIES) {
          session.problem = error;
          return null;
        }
        await new Promise((done) => setTimeout(done, APART_MS));
      }
    }
  }
}

export const bookPrint = new BookPrint();
