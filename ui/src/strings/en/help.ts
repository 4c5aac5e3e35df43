import type id from '../id/help';

export default {
  'help.attestation': 'The applicant checks the data and signs. Then the recording is sealed.',
  'help.capture':
    'Photo, fingers, irises, signature, then match two fingers again.\nEach result is saved at once and the best is used. What cannot be recorded becomes an exception with F7.',
  'help.devices':
    'A digit tests the device on that line. A test stores no picture.\nF5 chooses another device for the line, F3 looks for newly connected ones.',
  'help.form':
    'Type the NIK, then F5 fills in from the resident data. Names can be searched too: type three letters and choose with the arrows.\nEach entry saves itself; the mark is at the top right of the field. Enter goes to the next blank entry.',
  'help.key_applicant': "the applicant's screen: opens it, or brings it to the front",
  'help.key_escape': 'never loses anything',
  'help.key_menu': 'menu, by its underlined letter',
  'help.key_strip': 'state of the station in the bottom line',
  'help.queue':
    'Those who are 17 now and those whom the centre has answered are on top, then the late and those who wait longest. Arrows choose, Enter opens, F2 opens a new application, F3 searches, F9 changes the turn of a card.',
  'help.register':
    'Lines of the register are never changed or deleted. F2 writes a new line that corrects the chosen one.\nF6 verifies the chain from the start, F4 checks a printed page, F9 saves the table, Enter prints the day page or the period on show, however long.',
  'help.reports':
    "The left and right arrows open the period before and after, F5 chooses a period or a day.\nF6 shows every number as tables, F9 saves them. A report holds no applicant's name and no NIK.",
  'help.requirements':
    'A digit ticks the paper on that line, F4 photographs it. If something is missing, F7 returns it with reasons.',
  'help.settings':
    'Language and appearance apply when chosen. A supervisor also loads residents, confirms the wording of letters and saves the page that checks codes.',
  'help.setup': 'Fill in part by part. Each part is saved; you may switch off and go on later.',
  'help.signin': 'Choose a name with the arrows, type the password, Enter. Each wrong try doubles the pause.',
  'help.sync':
    'Packets go by themselves as soon as there is a network; Enter sends at once.\nArrows choose a packet, F4 stops it or lets it go on. F5 tests the line, F9 writes to a stick.',
  'help.title': 'Help',
  'help.unavailable': 'No special help for this screen yet.',
  'help.verification':
    'Arrows choose a line that differs. F5 takes the form, F6 the resident record. F9 shows the data large, to be read to the applicant.\n1 and 2 answer whether recorded elsewhere, F8 confirms a warning, F4 reads the old KTP-el, F3 asks the centre.\nWhen the person is checked: left and right arrows choose the finger, 3 compares, 4 with a witness. When data are changed: 5 reads your finger, 6 with a witness.',
} satisfies Record<keyof typeof id, string>;
