import { describe, expect, it } from 'vitest';
import type { RematchFinger } from '$lib/backend/contract';
import { LIMIT_SHARE, barShare, currentRematch, lastAttempt, unreadReason } from './rematch';

const f = (finger: RematchFinger['finger'], state: RematchFinger['state'], scores: number[] = []): RematchFinger => ({
  finger,
  chip: 1,
  state,
  recordedId: 'r',
  nowId: null,
  limit: 40,
  device: 'fingerprint_scanner',
  belowEnrolment: false,
  instead: null,
  attempts: scores.map((score, i) => ({ number: i + 1, at: '', score, reasons: [] })),
});

describe('the second look at the index fingers', () => {
  it('puts the limit at the same place on every bar', () => {
    expect(barShare(40, 40)).toBe(LIMIT_SHARE);
    expect(barShare(27, 40)).toBeLessThan(LIMIT_SHARE);
    expect(barShare(118, 40)).toBeGreaterThan(LIMIT_SHARE);
  });

  it('never draws beyond the bar, nor with a senseless limit', () => {
    expect(barShare(900, 40)).toBe(1);
    expect(barShare(-3, 40)).toBe(0);
    expect(barShare(20, 0)).toBe(0);
  });

  it('asks for the first finger that is not settled', () => {
    expect(currentRematch([f('right_index', 'matched'), f('left_index', 'not_yet')])?.finger).toBe('left_index');
    expect(currentRematch([f('right_index', 'noted'), f('left_index', 'exception')])).toBeNull();
  });

  it('shows the last attempt', () => {
    expect(lastAttempt(f('left_index', 'not_yet', [22, 27]))?.score).toBe(27);
    expect(lastAttempt(f('left_index', 'pending'))).toBeNull();
  });

  it('keeps the last print on screen when a later press gave none, and says what that press was', () => {
    const one = f('left_index', 'not_yet', [22]);
    expect(unreadReason(one)).toBeNull();
    one.attempts.push({ number: 2, at: '', score: null, reasons: ['nothing_seen'] });
    expect(lastAttempt(one)?.number).toBe(1);
    expect(unreadReason(one)).toBe('nothing_seen');
    one.attempts.push({ number: 3, at: '', score: 27, reasons: [] });
    expect([lastAttempt(one)?.number, unreadReason(one)]).toEqual([3, null]);
  });
});
