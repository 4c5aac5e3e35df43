// The lines of a list of the Buku Register. How many there are is counted once; those in sight are read from wherever one
// jumps to, a piece at a time, and nothing in between.
import { backend } from '$lib/backend/backend';
import type { RegisterFilter, RegisterPage, RegisterRow } from '$lib/backend/contract';
import { session } from '$lib/domain/session.svelte';

/** Lines read at once; a piece begins at a multiple of it. */
const PIECE = 100;
/** Lines that are kept, those around the last piece; further ones are read again. */
const KEPT = 1_000;

export class Lines {
  /** What was counted, with the first lines as they were then. */
  page = $state.raw<RegisterPage | undefined>();
  /** Lines that were read, by their place; 0 is the newest. */
  held = $state.raw<ReadonlyMap<number, RegisterRow>>(new Map());
  /** A place whose line stays, however far one goes. */
  at = $state(0);
  #filter: RegisterFilter | undefined;
  #turn = 0;
  #wanted: [number, number][] = [];
  #reading = false;
  /** Pieces that came shorter than they were counted: not asked for again. */
  #short = new Set<number>();

  /** Asks anew. */
  async open(filter: RegisterFilter): Promise<boolean> {
    const mine = (this.#turn += 1);
    const next = await session.run(() => backend().register(filter));
    if (mine !== this.#turn || !next) return false;
    this.at = 0;
    this.#take(next, filter);
    this.held = new Map(next.rows.map((row, n) => [n, row]));
    return true;
  }

  /** Asks the same again, because lines have come; returns by how many places the old ones stand lower now. */
  async renew(filter: RegisterFilter): Promise<number> {
    const before = this.page;
    const mine = this.#turn;
    const next = await session.read(() => backend().register(filter));
    if (mine !== this.#turn || !next || !before) return 0;
    const chosen = this.held.get(this.at)?.number;
    const found = next.rows.findIndex((row) => row.number === chosen);
    // With a gap in it the list is as long as before: how far the lines moved is seen by the chosen one alone.
    const whole = before.gap === null && next.gap === null;
    const by = found >= 0 ? found - this.at : whole ? next.total - before.total : 0;
    // A search may lose or gain lines anywhere, by a name that was put right; elsewhere new lines only come on top.
    const kept = filter.text === '' && whole ? [...this.held].map(([place, row]) => [place + by, row] as const) : [];
    this.#take(next, filter);
    this.held = new Map([...kept, ...next.rows.map((row, n) => [n, row] as const)]);
    this.at = Math.max(0, Math.min(next.total - 1, this.at + by));
    return by;
  }

  #take(next: RegisterPage, filter: RegisterFilter): void {
    this.page = { ...next, verified: next.verified ?? this.page?.verified ?? null };
    // The days as they were counted: at midnight "today" is another list.
    this.#filter = { ...filter, period: 'range', from: next.period.from, to: next.period.to };
    this.#short.clear();
  }

  /** Reads what is missing between two places, then what is near them. Whoever moves on meanwhile is served first. */
  async see(first: number, last: number): Promise<void> {
    this.#wanted = [
      [this.at, this.at],
      [first, last],
      [first - PIECE, last + PIECE],
    ];
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (let piece = this.#missing(); piece !== null; piece = this.#missing()) if (!(await this.#read(piece))) break;
    } finally {
      this.#reading = false;
    }
  }

  /** The first piece that is wanted and not there. */
  #missing(): number | null {
    const total = this.page?.total ?? 0;
    for (const [first, last] of this.#wanted)
      for (let place = Math.max(0, first); place <= Math.min(total - 1, last); place += 1) {
        const piece = place - (place % PIECE);
        if (!this.held.has(place) && !this.#short.has(piece)) return piece;
      }
    return null;
  }

  async #read(piece: number): Promise<boolean> {
    const mine = this.#turn;
    const { page } = this;
    const mark = page?.marks.findLast((m) => m.place <= piece);
    if (!page || !mark || !this.#filter) return false;
    const lines = Math.min(PIECE, page.total - piece);
    const filter = { ...this.#filter, before: mark.before };
    const rows = await session.read(() => backend().registerLines(filter, piece - mark.place, lines));
    // Counted anew meanwhile: the places are others now.
    if (mine !== this.#turn || page.marks !== this.page?.marks) return true;
    if (!rows) return false;
    if (rows.length < lines) this.#short.add(piece);
    const near = ([place]: [number, RegisterRow]) => place === this.at || Math.abs(place - piece) < KEPT / 2;
    const before = this.held.size + rows.length > KEPT ? [...this.held].filter(near) : this.held;
    this.held = new Map([...before, ...rows.map((row, n) => [piece + n, row] as const)]);
    return true;
  }
}
