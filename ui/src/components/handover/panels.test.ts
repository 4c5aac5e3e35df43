import { describe, expect, it } from 'vitest';
import type { Handover } from '$lib/backend/contract';
import { isDone, looksLikeNik, mayTry, noticesAbove, openParts, pictureHeight } from './panels';

const handover = (change: Record<string, object> = {}): Handover =>
  ({
    finger: { state: 'not_tried', tries: [], mostTries: 4, triesLeft: 4, ...change['finger'] },
    photo: { state: 'not_read', lines: [{ line: 'face_same', ticked: false }], ...change['photo'] },
    oldCard: { state: 'needed', ...change['oldCard'] },
    receipt: { state: 'pending', ...change['receipt'] },
    collector: { kind: 'own', ...change['collector'] },
    withdrawn: change['withdrawn'] ?? null,
    held: change['held'] ?? null,
    correction: change['correction'] ?? null,
  }) as unknown as Handover;

describe('step 9', () => {
  it('has four panels that may be done in any order', () => {
    expect(openParts(handover())).toEqual(['finger', 'photo', 'old_card', 'receipt']);
    expect(openParts(handover({ receipt: { state: 'done' } })), 'the last first').toEqual([
      'finger',
      'photo',
      'old_card',
    ]);
    expect(openParts(handover({ oldCard: { state: 'not_needed' } }))).not.toContain('old_card');
    expect(openParts(handover({ oldCard: { state: 'absent' } }))).not.toContain('old_card');
  });

  it('takes a photo for done only when it was read and every line under it is judged', () => {
    const line = (ticked: boolean) => [{ line: 'face_same', ticked }];
    expect(isDone(handover({ photo: { state: 'identical', lines: line(false) } }), 'photo')).toBe(false);
    expect(isDone(handover({ photo: { state: 'not_read', lines: line(true) } }), 'photo')).toBe(false);
    expect(isDone(handover({ photo: { state: 'identical', lines: line(true) } }), 'photo')).toBe(true);
  });

  it('tries a finger no oftener than the rules allow, and never that of somebody else', () => {
    expect(mayTry(handover())).toBe(true);
    expect(mayTry(handover({ finger: { state: 'not_yet', triesLeft: 0 } }))).toBe(false);
    expect(mayTry(handover({ finger: { state: 'not_yet', tries: [1, 2, 3, 4] } })), 'spent by who came before').toBe(
      true,
    );
    expect(mayTry(handover({ finger: { state: 'no_reference' } }))).toBe(false);
    expect(mayTry(handover({ collector: { kind: 'other' } }))).toBe(false);
    expect(isDone(handover({ finger: { state: 'witnessed' } }), 'finger'), 'a witness stands in').toBe(true);
  });

  it('takes the room of what is told above from the pictures, the more the more is told', () => {
    const [held, correction, withdrawn] = [{ held: {} }, { correction: {} }, { withdrawn: {} }];
    expect(noticesAbove(handover({ ...held, ...correction, ...withdrawn })), 'one in the place of all').toBe(1);
    const heights = [{}, held, { ...held, ...correction }].map((told) => pictureHeight(handover(told)));
    expect(heights).toEqual([...heights].sort((a, b) => b - a));
    expect(new Set(heights).size, 'each lower than the one before').toBe(3);
  });

  it('asks for the sixteen digits of a NIK, with or without gaps', () => {
    expect(looksLikeNik('181302 540308 9002')).toBe(true);
    expect(looksLikeNik('18130254030800')).toBe(false);
  });
});
