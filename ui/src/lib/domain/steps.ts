import type { Step } from '$lib/backend/contract';

/** The nine steps of the SOP in order, with their standard in minutes. */
export const STEPS: { step: Step; minutes: number }[] = [
  { step: 'form', minutes: 5 },
  { step: 'requirements', minutes: 5 },
  { step: 'verification', minutes: 5 },
  { step: 'capture', minutes: 10 },
  { step: 'attestation', minutes: 5 },
  { step: 'print_request', minutes: 5 },
  { step: 'status', minutes: 5 },
  { step: 'print', minutes: 5 },
  { step: 'handover', minutes: 3 },
];

export const numberOf = (step: Step): number => STEPS.findIndex((s) => s.step === step) + 1;
