import { describe, expect, it } from 'vitest';
import type { CardPrint } from '$lib/backend/contract';
import { STAGES, choices, phase, stagesOf } from './phase';
import { ageWords, magnification, reasonWords, storedReason } from './words';

type Card = Pick<CardPrint, 'job' | 'card' | 'chip'>;
const card = (state: string | null, good: string | null = null, chip = 'not_yet') =>
  ({ job: state ? { state } : null, card: good, chip: { state: chip } }) as unknown as Card;

describe('step 8', () => {
  it('asks for a blangko, the face, the chip and the quality in this order', () => {
    expect([card(null), card('sent'), card(null, '0718'), card(null, '0718', 'verified')].map(phase)).toEqual([
      'blangko',
      'face',
      'chip',
      'quality',
    ]);
    expect(phase(card(null, '0718', 'torn')), 'a torn chip is not passed over').toBe('chip');
  });

  it('shows the chip before the face where the printer writes it, and at the stage that the printer is at', () => {
    const at = (stage: string | null) => {
      const { list, now } = stagesOf({ stage } as never, 'face');
      return [list.indexOf('chip') < list.indexOf('face'), now];
    };
    expect([at('taking'), at('writing'), at('printing')]).toEqual([
      [true, 'chip'],
      [true, 'chip'],
      [true, 'face'],
    ]);
    expect(stagesOf(null, 'quality')).toEqual({ list: STAGES, now: 'quality' });
  });

  it('asks for no result while the printer works, and offers “not printed” only where the printer may not have taken it', () => {
    expect(choices(card('printing'))).toEqual([]);
    expect(choices(card('reported'))).not.toContain('not_printed');
    expect(choices(card('stopped'))).toContain('not_printed');
    expect(choices(card('unknown')), 'what is not known is to be resolved').not.toContain('unknown');
    expect(choices(card('stopped')), 'nobody has looked yet').not.toContain('not_found');
    expect(choices(card('unknown'))).toContain('not_found');
  });

  it('offers no print of a card that came out before its face, and no way back into the stock for a written chip', () => {
    const rejected = (uid: string) =>
      ({
        job: { state: 'stopped', why: { key: 'print_chip_rejected', args: {} } },
        card: null,
        chip: { state: 'torn', uid },
      }) as unknown as Card;
    expect(choices(rejected('04A1'))).toEqual(['spoiled']);
    expect(choices(rejected('')), 'nothing was written').toEqual(['spoiled', 'not_printed']);
    const faceless = rejected('04A1');
    faceless.job!.why!.key = 'print_chip_only_out';
    expect(choices(faceless), 'a finished chip makes no printed card').toEqual(['spoiled']);
  });

  it('keeps a reason as its code and shows it in words', () => {
    expect(storedReason('other', 'tinta luntur')).toBe('other: tinta luntur');
    expect(reasonWords('spoil_reason', 'other: tinta luntur')).toBe('tinta luntur');
    expect(reasonWords('spoil_reason', 'chip')).toBe('Cip gagal');
    expect(reasonWords('priority_reason', 'ditulis sendiri')).toBe('ditulis sendiri');
  });

  it('draws the card at a magnification that it names', () => {
    expect(magnification(442)).toBe(137);
    expect(ageWords(130)).toBe('2 menit lalu');
  });
});
