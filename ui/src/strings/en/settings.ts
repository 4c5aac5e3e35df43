import type id from '../id/settings';

export default {
  'settings.at_once': 'Choices apply at once.',
  'settings.code': 'Station code',
  'settings.dark': 'Dark',
  'settings.done': 'Done',
  'settings.language': 'Language',
  'settings.lead': 'For this station',
  'settings.light': 'Light',
  'settings.name': 'Name',
  'settings.office': 'Office',
  'settings.place': 'Place',
  'settings.saved': 'Saved.',
  'settings.station': 'This station',
  'settings.system': 'Follow the computer',
  'settings.system_hint': 'light or dark as the computer is set',
  'settings.theme': 'Appearance',
  'settings.title': 'Settings',
  'settings.version': 'Version',
  'settings.village': 'Village word',
} satisfies Record<keyof typeof id, string>;
