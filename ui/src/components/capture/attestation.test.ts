import { describe, expect, it } from 'vitest';
import type { Attestation } from '$lib/backend/contract';
import { A4_WIDTH_PX, canReadAloud, digestPrefix, phase, rasterDpi, zoomStep } from './attestation';

const base: Attestation = {
  lines: [],
  portraitId: null,
  photoApprovedAt: null,
  answer: { state: 'none', at: null, note: '', by: null },
  readAloudAt: null,
  signature: { state: 'pending', captureId: null, takenAt: null, source: null },
  substitute: null,
  form: null,
  packet: null,
  exceptions: [],
  photoExceptions: 0,
  canSeal: false,
  why: null,
};

describe('the attestation', () => {
  it('goes from the answer to the signature, the form and the seal', () => {
    const correct: Attestation = { ...base, answer: { state: 'correct', at: 't', note: '', by: 'screen' } };
    const signed: Attestation = {
      ...correct,
      signature: { state: 'done', captureId: 's', takenAt: 't', source: 'pen' },
    };
    const formed: Attestation = { ...signed, form: { documentId: 'd', pages: 1, renderedAt: 't', printedAt: null } };
    expect(phase(base)).toBe('answer');
    expect(phase(correct)).toBe('signature');
    expect(phase(signed)).toBe('form');
    expect(phase(formed)).toBe('seal');
    expect(
      phase({ ...formed, packet: { packetId: 'p', sealedAt: 't', sequence: 1, parts: [], training: false } }),
    ).toBe('sealed');
  });

  it('asks for the reading aloud before a thumbprint, and for a stroke before a line counts', () => {
    const correct: Attestation = { ...base, answer: { state: 'correct', at: 't', note: '', by: 'operator' } };
    const instead = (reason: string): Attestation => ({
      ...correct,
      signature: { ...base.signature, state: 'exception' },
      substitute: {
        id: '1',
        part: { other: 'signature' },
        reason,
        words: '',
        permanence: 'permanent',
        returnOn: null,
        photo: 'not_needed',
        photoId: null,
        witness: null,
        substitute: null,
        valid: true,
      },
    });
    expect(phase(instead('thumb_right'))).toBe('aloud');
    expect(phase({ ...instead('thumb_right'), readAloudAt: 't' })).toBe('form');
    expect(phase({ ...instead('empty'), readAloudAt: 't' })).toBe('form');
    expect(phase({ ...instead('line'), readAloudAt: 't' }), 'the line is drawn, not made up').toBe('signature');
    expect(canReadAloud(instead('line'))).toBe(true);
    expect(canReadAloud(base), 'also before the answer').toBe(true);
    expect(canReadAloud({ ...correct, readAloudAt: 't' }), 'once').toBe(false);
  });

  it('stops when the applicant says that something is wrong', () => {
    expect(phase({ ...base, answer: { state: 'wrong', at: 't', note: 'alamat', by: 'screen' } })).toBe('wrong');
  });

  it('shows a digest as groups that two people can compare', () => {
    expect(digestPrefix('a1b2c3d4e5f60718aa')).toBe('a1b2 c3d4 e5f6');
  });

  it('shows a page at true size and asks for a picture that is sharp at every zoom', () => {
    expect(A4_WIDTH_PX, '210 mm at 96 pixels an inch').toBe(794);
    expect(rasterDpi(100, 1)).toBe(96);
    expect(rasterDpi(200, 1)).toBe(192);
    expect(rasterDpi(50, 1), 'never below what is readable').toBe(96);
    expect(rasterDpi(200, 3), 'never more than a printer needs').toBe(300);
  });

  it('stops at the ends of the zoom', () => {
    expect(zoomStep(100, 1)).toBe(150);
    expect(zoomStep(100, -1)).toBe(75);
    expect(zoomStep(200, 1)).toBe(200);
    expect(zoomStep(50, -1)).toBe(50);
  });
});
