import type id from '../id/strip';

export default {
  'strip.after_sign_in': 'after sign-in',
  'strip.blangko': 'Blank cards',
  'strip.blangko_happened': 'The stock and its ledger open after an officer signs in.',
  'strip.blangko_low': '{kind} (order)',
  'strip.blangko_next': 'Sign in, then open Blank cards in the menu.',
  'strip.blangko_none': 'none yet',
  'strip.blangko_safe': 'Every movement of stock stays recorded.',
  'strip.blangko_title': 'Blank cards',
  'strip.blangko_value': '{n}, ±{d} {d|day|days}',
  'strip.blangko_wna': 'WNA {n}',
  'strip.blangko_wni': 'WNI {n}',
  'strip.devices': 'Devices',
  'strip.devices_ready': '{n} of {m}',
  'strip.disk': 'Disk',
  'strip.disk_value': '{free}, room for ±{n}',
  'strip.label': 'State of the station',
  'strip.lock': 'Lock the screen',
  'strip.look': '{device}',
  'strip.network': 'Network',
  'strip.nobody': 'Nobody signed in',
  'strip.not_sent': 'never sent',
  'strip.offline': 'Offline',
  'strip.offline_since': 'Offline since {at}',
  'strip.online': 'Connected',
  'strip.person_happened': 'Every act is recorded under the name of the person signed in.',
  'strip.person_next': 'Lock the screen when you leave the desk or hand over.',
  'strip.person_safe': "While locked no applicant's name, NIK or photo is shown. The work stays saved.",
  'strip.person_title': 'Person at this desk',
  'strip.ready': 'ready',
  'strip.unsent': 'Not yet sent',
  'strip.unsent_value': '{n} · oldest {d} {d|day|days}',
  'unsettled.cut_off.happened':
    'A card, chip or paper print that was cut off in an earlier run could not be made a question yet.',
  'unsettled.cut_off.next':
    'Look at the printer and the card reader, and do not print again yet. Make room on the disk; it is tried again by itself.',
  'unsettled.cut_off.safe': 'Order, blangko and print stay on record.',
  'unsettled.looks.happened': 'The disk is full: who opened an application could not be written down yet.',
  'unsettled.looks.next':
    'Make room on the disk and do not switch the computer off; the note is written by itself once there is room.',
  'unsettled.looks.safe':
    'Applications can still be looked at, and what was saved is there. New entries cannot be saved yet.',
  'unsettled.renewal.happened':
    'The certificate of this station is about to run out, and the centre has not given a new one yet.',
  'unsettled.renewal.next':
    'Call the kabupaten before it runs out; it is tried again by itself whenever the centre is reached.',
  'unsettled.renewal.safe': 'Recording and sending go on with the old certificate.',
  'unsettled.revocations.happened':
    'The centre revoked an officer, whose key at this computer could not be taken away yet.',
  'unsettled.revocations.next':
    'Do not let that officer use this computer. Make room on the disk; it is tried again by itself.',
  'unsettled.revocations.safe': 'The revocation is on record.',
  'unsettled.unknown_packets.happened':
    'There are sealed packets that this database does not know, as after a copy of it was put back.',
  'unsettled.unknown_packets.next':
    'Tell the supervisor before anybody is recorded again. That folder goes to the district office, and then away from here.',
  'unsettled.unknown_packets.safe': 'The packets are whole in the folder packets/unknown and are not removed.',
  'unsettled.unread_packets.happened': 'There are sealed files in the folder packets that cannot be read.',
  'unsettled.unread_packets.next':
    'Tell the supervisor: the disk may be failing, or who may read that folder has changed. It is tried again by itself.',
  'unsettled.unread_packets.safe': 'Nothing is removed. Fields and pictures stay in the database.',
} satisfies Record<keyof typeof id, string>;
