import type id from '../id/allowed';

export default {
  'allowed.camera': 'Empty, or an http:// address without name and password, such as "http://10.0.0.5/video".',
  'allowed.card_address':
    'The address that the kind of printer asks for: host:port for evolis, an ipp:// address for ipp, the full path of a folder for folder.',
  'allowed.card_name': 'The name of the printer in the Evolis service; needed when card_printer = "evolis".',
  'allowed.centre': 'Empty, or the https:// address of the centre.',
  'allowed.encoder':
    '"contact" or "contactless", and only with card_printer = "evolis"; empty when there is no chip encoder.',
  'allowed.encoder_reader':
    'A part of the PC/SC name of the reader inside the printer; needed when card_printer_encoder is set.',
  'allowed.filled': 'Text that says something.',
  'allowed.fingers': 'A list of fingers, none of them twice: "thumb", "index", "middle", "ring", "little".',
  'allowed.flag': 'true or false.',
  'allowed.folders': 'A list of full paths of folders, such as ["/media/office"].',
  'allowed.line':
    'Empty, a serial port ("/dev/ttyUSB0", "COM3"), or the identity of a USB device ("usb:0403:6001:A1B2C3").',
  'allowed.makers': 'Empty, or a PEM file that can be read and holds a certificate of a device provider.',
  'allowed.number': 'A number from {least} to {most}.',
  'allowed.one_of': 'One of {words}.',
  'allowed.over': 'A number above {than}, {most} at most.',
  'allowed.own_folder':
    'Empty, or the folder that this rekam.toml lies in. The data folder is chosen when the program is started (--data).',
  'allowed.port_from': 'A port from 1 to 65535, or 0 for no range.',
  'allowed.port_to': 'Not before sbi_port_from and {most} {most|port|ports} at most; 0 when sbi_port_from = 0.',
  'allowed.ports': 'A list of ports from 1 to 65535, none of them twice.',
  'allowed.printer': 'Empty, or an ipp:// address, such as "ipp://localhost:631/printers/desk".',
  'allowed.proxy': 'Empty, or the address of a proxy with http:// before it.',
  'allowed.regency_code': 'The four digits of the kabupaten or kota, without a dot.',
  'allowed.ribbon': 'Empty, or KEY=VALUE separated by semicolons.',
  'allowed.slip_printer': 'Empty, host:port, or a serial port.',
  'allowed.speed': 'One of the speeds {words}.',
  'allowed.text': 'Text between quotation marks.',
  'allowed.unknown': 'There is no setting of this name; check how it is spelled.',
  'allowed.whole': 'A whole number from {least} to {most}.',
} satisfies Record<keyof typeof id, string>;
