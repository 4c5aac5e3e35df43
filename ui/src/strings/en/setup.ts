import type id from '../id/setup';

export default {
  'setup.activation': 'Activation code',
  'setup.activation.hint': 'from the district',
  'setup.devices_operator': 'Devices and person',
  'setup.devices_operator.hint': 'test, then sign in',
  'setup.of_parts': 'of 5 parts',
  'setup.parts': 'Parts of the set-up',
  'setup.preparing': 'Setting up the station',
  'setup.recovery': 'Recovery key',
  'setup.recovery.hint': 'if the computer fails',
  'setup.station': 'Station name',
  'setup.station.hint': 'and its role',
  'setup.wilayah': 'Region',
  'setup.wilayah.hint': 'local residents',
} satisfies Record<keyof typeof id, string>;
