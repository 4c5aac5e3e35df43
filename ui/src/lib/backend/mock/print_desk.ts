// What steps 6 and 8 of the twin share: the queue of prints, and the blangko that comes next. ?part= of step 8 sets up a moment.
import type { PrintQueue } from '../contract';
import type { World } from './world';

export const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
export const codes = (...list: string[]): { code: string; text: string }[] =>
  list.map((code) => ({ code, text: code }));

/** The moment that the address asks for. */
export const momentOf = (): string =>
  typeof location === 'undefined' ? '' : (new URLSearchParams(location.search).get('part') ?? '');

export interface PrintDesk {
  queue: PrintQueue;
  /** The last digits of the blangko that comes next. */
  serial: number;
}

export const number = (serial: number): string => `0718-224-${serial}`;

export function printDesk(world: World): PrintDesk {
  const part = momentOf();
  const queue: PrintQueue = {
    rows:
      world.scene === 'empty'
        ? []
        : (
            [
              ['a011', 'A-011', 'Suparman', 'waiting', 'urgent', 'elderly', 17, null],
              ['a003', 'A-003', 'Made Artini', 'waiting', 'normal', '', 37, null],
              ['a010', 'A-010', 'Rosmawati', 'unknown', 'normal', '', 10, null],
              ['a007', 'A-007', 'Dian Permata', 'held_for_age', 'normal', '', 60, '2027-02-02'],
              ...(part.startsWith('wna')
                ? [['a024', 'A-024', 'Amelia Hartono', 'waiting', 'normal', '', 12, null] as const]
                : []),
            ] as const
          ).map(([id, ticket, name, state, priority, priorityReason, minutes, printFrom]) => ({
            id,
            ticket,
            name,
            maskedNik: '181302••••••9001',
            state,
            priority,
            priorityReason,
            waitingSeconds: minutes * 60,
            printFrom,
            needs: id === 'a024' ? ('blangko_wna' as const) : ('blangko' as const),
          })),
    stock: {
      blangko: 312,
      days: 6,
      reorderPoint: 500,
      level: 'low',
      agrees: true,
      received: 600,
      receivedAt: ago(60 * 24 * 14),
      ribbon: part === 'supplies' ? 0 : 140,
      film: part === 'supplies' ? 0 : 380,
      printerRibbon: 140,
      printerFilm: part === 'supplies' ? null : 380,
      ribbonNote: part === 'supplies' ? 'differs' : null,
      filmNote: part === 'supplies' ? 'unbooked' : null,
      printerWarnings: part === 'warned' ? ['cleaning_due', 'feeder_low'] : [],
      shelf: 40,
      spoiledMonth: 7,
      spentMonth: 388,
    },
    foreigners: part.startsWith('wna')
      ? {
          onHand: part === 'wna_none' ? 0 : 18,
          days: null,
          reorderPoint: 5,
          level: part === 'wna_none' ? 'unknown' : 'ok',
          received: part === 'wna_none' ? null : 20,
          receivedAt: part === 'wna_none' ? null : ago(60 * 24 * 30),
          spoiledMonth: 0,
          spentMonth: part === 'wna_none' ? 0 : 2,
        }
      : null,
    printer: 'Evolis Avansia',
    printerWhy: null,
    offset: { printer: 'Evolis Avansia', xMm: 0.2, yMm: -0.1 },
  };
  return { queue, serial: 913 };
}
