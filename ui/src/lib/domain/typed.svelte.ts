// What is typed into fields that save themselves: 250 ms after the last key, and while somebody types on, every 300 ms.
import type { AppError } from '$lib/backend/contract';
import { debounce } from '$lib/shared/debounce';
import { appError } from './session.svelte';

const WAIT_MS = 250;
const AT_MOST_MS = 300;

/** Where it is told that something could not be saved. */
interface Board {
  problem: AppError | null;
}
/** Saves one field, and answers what is to be done once it is saved; throws where it could not be. */
type Keep = (key: string, text: string) => Promise<(() => Promise<unknown>) | undefined>;

export class Typed {
  /** What stands in each field; an answer that comes while somebody types takes nothing away from it. */
  text = $state<Record<string, string>>({});
  /** Typed, and not on the disk yet. */
  pending = $state<Record<string, true>>({});
  #savers: Record<string, ReturnType<typeof debounce<[string]>>> = {};
  #turns: Record<string, Promise<void>> = {};
  /** By what the saves of a field are known as its own, until it is forgotten. */
  #asked: Record<string, symbol> = {};
  #underWay = new Set<Promise<unknown>>();
  #held: Promise<unknown> = Promise.resolve();
  /** Why a field could not be saved, until it is. */
  #unsaved = new Map<string, AppError>();

  constructor(
    private readonly keep: Keep,
    private readonly board: Board,
    private readonly wait = WAIT_MS,
    private readonly atMost = AT_MOST_MS,
  ) {}

  /** What was typed; saved a moment later. */
  type(key: string, text: string): void {
    this.text[key] = text;
    this.pending[key] = true;
    (this.#savers[key] ??= debounce((value: string) => this.save(key, value), this.wait, this.atMost))(text);
  }

  /** Saves of one field go one after the other: an earlier value never lands on a later one. */
  save(key: string, text: string): Promise<void> {
    const asked = (this.#asked[key] ??= Symbol(key));
    const saved = Promise.all([this.#turns[key], this.#held]).then(() => this.#save(key, text, asked));
    this.#track(saved);
    return (this.#turns[key] = saved);
  }

  async #save(key: string, text: string, asked: symbol): Promise<void> {
    if (this.#asked[key] !== asked) return;
    let then: Awaited<ReturnType<Keep>>;
    try {
      then = await this.keep(key, text);
    } catch (e) {
      // Nobody waits for a field that was forgotten meanwhile.
      if (this.#asked[key] !== asked) return;
      const failed = appError(e);
      this.#unsaved.set(key, failed);
      this.board.problem = failed;
      return;
    }
    // What was told of its saving is over; what something else has told stays to be read.
    if (this.board.problem !== null && this.board.problem === this.#unsaved.get(key)) this.board.problem = null;
    this.#unsaved.delete(key);
    if (this.text[key] === text) delete this.pending[key];
    await then?.().catch((e: unknown) => (this.board.problem = appError(e)));
  }

  /**
   * Saves what still waits, and waits until nothing is under way any more. False where something could not be saved, which is
   * tried once more before (there may be room on the disk again) and told: whoever goes on then would go on without it.
   */
  async flush(): Promise<boolean> {
    for (const key of this.#unsaved.keys()) if (this.pending[key]) void this.save(key, this.text[key] ?? '');
    let begun: number;
    do {
      begun = Object.values(this.#savers).filter((saver) => saver.flush() !== undefined).length;
      await Promise.all(this.#underWay);
    } while (begun > 0 || this.#underWay.size > 0);
    const [failed] = this.#unsaved.values();
    if (failed) this.board.problem = failed;
    return failed === undefined;
  }

  /** As `flush`, for whoever leaves: what cannot be saved keeps nobody in, once it has been told. */
  async leave(): Promise<boolean> {
    const told = this.#unsaved.size > 0;
    return (await this.flush()) || told;
  }

  /** Runs a deed over which nothing that is typed meanwhile may be lost: its saves come after it. One deed at a time. */
  async hold<T>(deed: () => Promise<T>): Promise<T> {
    const before = this.#held;
    let over = (): void => undefined;
    const mine = new Promise<void>((done) => (over = done));
    this.#held = before.then(() => mine);
    this.#track(this.#held);
    await before;
    try {
      return await deed();
    } finally {
      over();
    }
  }

  /** The fields that could not be saved, the one that failed first before the others. */
  get unsaved(): string[] {
    return [...this.#unsaved.keys()];
  }

  /** A field that is asked for no more is saved no more, and what is under way of it can no more be refused. */
  forget(gone: (key: string) => boolean): void {
    for (const key of this.#unsaved.keys()) if (gone(key)) this.#unsaved.delete(key);
    for (const key of Object.keys(this.#asked).filter(gone)) delete this.#asked[key];
    for (const key of Object.keys(this.pending).filter(gone)) {
      this.#savers[key]?.drop();
      delete this.pending[key];
    }
    // What is on the disk is what is shown where it is asked for again.
    for (const key of Object.keys(this.text).filter(gone)) delete this.text[key];
  }

  #track(work: Promise<unknown>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }
}
