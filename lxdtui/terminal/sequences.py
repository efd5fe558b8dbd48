"""The control functions that are obeyed, by sequence.

Sources: ECMA-48; DEC VT220 and VT510 manuals; xterm's ctlseqs. pyte's own
table is the ground, what it lacks or has otherwise is added. SGR, OSC and DCS
have their own ways: `style.py`, `osc.py`.

Left out on purpose: everything that reports a title, the clipboard or cells,
resizing and moving the window, printing, downloaded keys and fonts, the
checksum of a rectangle and the reports of DECRQPSR.
"""

from typing import NamedTuple

import pyte

MAX_PARAMETERS = 32


class Function(NamedTuple):
    """A method of the screen for a CSI sequence."""

    method: str
    parameters: int = 1
    """Parameters that are handed over; what is beyond is ignored."""
    private: bool = False


_PYTE_PARAMETERS = {"H": 2, "f": 2, "r": 2, "h": MAX_PARAMETERS, "l": MAX_PARAMETERS}

CSI: dict[str, Function] = {
    **{
        final: Function(method, _PYTE_PARAMETERS.get(final, 1))
        for final, method in pyte.Stream.csi.items()
        if final not in {pyte.escape.SGR, "'"}
    },
    "`": Function("cursor_to_column"),  # HPA
    "j": Function("cursor_back"),  # HPB
    "k": Function("cursor_up"),  # VPB
    "e": Function("cursor_lines_forward"),  # VPR
    "I": Function("tab_forward"),  # CHT
    "Z": Function("tab_backward"),  # CBT
    "S": Function("scroll_up"),  # SU
    "T": Function("scroll_down"),  # SD
    "^": Function("scroll_down"),  # SD, ECMA-48
    "b": Function("repeat"),  # REP
    "a": Function("cursor_columns_forward"),  # HPR
    "s": Function("set_side_margins", 2),  # SCOSC, DECSLRM
    "u": Function("restore_cursor", 0),  # SCORC
    "t": Function("window_operation", 2),  # XTWINOPS
    "?J": Function("erase_selectively_in_display"),  # DECSED
    "?K": Function("erase_selectively_in_line"),  # DECSEL
    '"q': Function("protect_selectively"),  # DECSCA
    "'}": Function("insert_columns"),  # DECIC
    "'~": Function("delete_columns"),  # DECDC
    " @": Function("scroll_left"),  # SL
    " A": Function("scroll_right"),  # SR
    "$x": Function("fill_rectangle", 5),  # DECFRA
    "$z": Function("erase_rectangle", 4),  # DECERA
    "${": Function("erase_rectangle_selectively", 4),  # DECSERA
    "$v": Function("copy_rectangle", 8),  # DECCRA
    "$r": Function("change_attributes", MAX_PARAMETERS),  # DECCARA
    "$t": Function("reverse_attributes", MAX_PARAMETERS),  # DECRARA
    "*x": Function("choose_extent"),  # DECSACE
    '"p': Function("choose_level"),  # DECSCL
    "?h": Function("set_mode", MAX_PARAMETERS, private=True),
    "?l": Function("reset_mode", MAX_PARAMETERS, private=True),
    "?s": Function("save_modes", MAX_PARAMETERS),  # XTSAVE
    "?r": Function("restore_modes", MAX_PARAMETERS),  # XTRESTORE
    "?W": Function("reset_tab_stops"),  # DECST8C
    "#p": Function("push_style", MAX_PARAMETERS),  # XTPUSHSGR
    "#{": Function("push_style", MAX_PARAMETERS),  # XTPUSHSGR
    "#q": Function("pop_style", 0),  # XTPOPSGR
    "#}": Function("pop_style", 0),  # XTPOPSGR
    "?n": Function("report_private_status", 2),  # DECDSR
    ">c": Function("report_secondary_attributes"),  # DA2
    "=c": Function("report_unit_id"),  # DA3
    ">q": Function("report_version"),  # XTVERSION
    "$p": Function("report_mode"),  # DECRQM
    "?$p": Function("report_private_mode"),  # DECRQM
    "!p": Function("soft_reset", 0),  # DECSTR
    " q": Function("set_cursor_shape"),  # DECSCUSR
}
"""By private prefix, intermediates and final character. SGR has its own way, see `Stream`."""

SWITCHES = frozenset(
    {
        "alignment_display",
        "choose_level",
        "end_protected_area",
        "invoke_charset",
        "invoke_once",
        "pop_style",
        "protect_selectively",
        "reset",
        "reset_mode",
        "restore_cursor",
        "restore_modes",
        "set_margins",
        "set_mode",
        "set_side_margins",
        "shift_in",
        "shift_out",
        "soft_reset",
        "start_protected_area",
    }
)
"""Methods that may change the style, the margins or how text is drawn."""

STEPS = {
    "backspace": (0, -1),
    "cursor_back": (0, -1),
    "cursor_down": (1, 0),
    "cursor_forward": (0, 1),
    "cursor_up": (-1, 0),
    "index": (1, 0),
    "linefeed": (1, 0),
    "reverse_index": (-1, 0),
}
"""Methods that move the cursor down and right, where no margin is in the way."""

CONTROLS = {
    **pyte.Stream.basic,
    "\r\n": "new_line",
}
"""By control character; CR LF counts as one."""

ESCAPES = {
    "7": "save_cursor",  # DECSC
    "8": "restore_cursor",  # DECRC
    "D": "index",  # IND
    "E": "next_line",  # NEL
    "M": "reverse_index",  # RI
    "=": "application_keypad",  # DECKPAM
    ">": "numeric_keypad",  # DECKPNM
    "c": "reset",  # RIS
    "6": "back_index",  # DECBI
    "9": "forward_index",  # DECFI
    "N": "invoke_once 2",  # SS2
    "O": "invoke_once 3",  # SS3
    "V": "start_protected_area",  # SPA
    "W": "end_protected_area",  # EPA
    "Z": "report_device_attributes",  # DECID
    "n": "invoke_charset 2",  # LS2
    "o": "invoke_charset 3",  # LS3
    "#8": "alignment_display",  # DECALN
}
"""By what follows ESC. What pyte knows beyond them, HTS, goes through pyte's parser."""
