// What is still open of step 9, from what the shell says of its four panels.
import type { Handover, OperatorCard } from '$lib/backend/contract';

export type HandoverPart = 'finger' | 'photo' | 'old_card' | 'receipt';
export const PARTS: HandoverPart[] = ['finger', 'photo', 'old_card', 'receipt'];

/** The photograph is that of the record: by its bytes, or by an officer's eye. */
export const isSame = (h: Handover): boolean => h.photo.state === 'identical' || h.photo.state === 'seen_same';

/** Whether a panel needs nothing more. The photograph counts with the lines that a person judges under it. */
export function isDone(h: Handover, part: HandoverPart): boolean {
  if (part === 'finger') return h.finger.state === 'matched' || h.finger.state === 'witnessed';
  if (part === 'photo') return isSame(h) && h.photo.lines.every((l) => l.ticked);
  if (part === 'old_card') return h.oldCard.state !== 'needed';
  return h.receipt.state !== 'pending';
}

/** How many notices stand above the panels; a card that the centre took back has one in the place of all. */
export const noticesAbove = (h: Handover): number =>
  h.withdrawn ? 1 : [h.checkedEarlier, h.held, h.correction].filter(Boolean).length;

/** Two notices and more: the panels keep their words, and give up what is empty. */
export const isTight = (h: Handover): boolean => noticesAbove(h) > 1;

/** Height of fingers and faces in CSS pixels: what is told above the panels takes its room from them, not from the lines below. */
export const pictureHeight = (h: Handover): number => (isTight(h) ? 104 : noticesAbove(h) > 0 ? 160 : 204);

/** The panels that are open, in the order of the screen. */
export const openParts = (h: Handover): HandoverPart[] => PARTS.filter((part) => !isDone(h, part));

/** A finger is compared only with the person to whom it belongs, and only as often as the rules allow. */
export function mayTry(h: Handover): boolean {
  const f = h.finger;
  if (h.collector.kind === 'other' || f.state === 'no_reference') return false;
  return f.state !== 'matched' && f.triesLeft > 0;
}

/** Another officer may answer without a try only where it is said that no finger can be laid down. */
export const mustSayWhy = (h: Handover): boolean =>
  h.collector.kind === 'own' && h.finger.untried === null && h.finger.triesLeft === h.finger.mostTries;

/** Another finger may be chosen for the comparison: the record has several, and none has matched. */
export const mayChoose = (h: Handover): boolean =>
  h.collector.kind === 'own' && h.finger.state !== 'matched' && h.finger.fingers.length > 1;

/** Sixteen digits; whether such a NIK exists is the shell's to say. */
export const looksLikeNik = (text: string): boolean => /^\d{16}$/.test(text.replace(/\s/g, ''));

/** Who can confirm that a card is void: one of the two officers is a supervisor, who answers for blangko. */
export function beside(all: OperatorCard[], me: OperatorCard | null): { id: string; name: string }[] {
  const answers = me?.roles.includes('supervisor') ?? false;
  return colleagues(
    all.filter((o) => answers || o.roles.includes('supervisor')),
    me?.id,
  );
}

/** Who can stand beside the operator: every other officer of this station. */
export function colleagues(all: OperatorCard[], me: string | undefined): { id: string; name: string }[] {
  return all.filter((o) => o.id !== me).map(({ id, name }) => ({ id, name }));
}
