//! What is typed to the FTP user's program, and what it prints besides its last words of a file.

use super::entry::{Row, rows};

/// What is typed.
pub(super) const TYPED: &[Row] = rows! { Typed:
    "CONNECT" []
        "To the FTP user's program: open a dialogue with the server of that site.",
        "the FTP user's program, its HELP", "SITE3 types  CONNECT SITE1" in "typed-by-hand" Teletype
        ; see "CONNECTED TO *", "ICP", "BYE at a teletype";
    "ABORT" []
        "To the FTP user's program while a transfer is under way: have the server stop it, by ABOR behind a SYNCH.",
        "the FTP user's program, its HELP", "SITE3 types  ABORT" in "abort-by-program" Teletype
        ; see "ABOR", "INS", "STOPPED AFTER # BYTES";
    "STATUS" []
        "To the FTP user's program: say how things stand. While a transfer is under way that is how far it is at both ends.",
        "the FTP user's program, its HELP", "SITE3 types  STATUS" in "abort-by-program" Teletype
        ; see "STAT", "*: # BYTES SO FAR, IN # SECONDS";
    "GET" []
        "To the FTP user's program: fetch a file of the server, and keep it here under the second name.",
        "the FTP user's program, its HELP", "SITE3 types  GET NOTES.TXT COPY.TXT" in "ftp-user-complaints" Teletype
        ; see "RETR", "# BYTES RECEIVED";
    "SEND" []
        "To the FTP user's program: send a file of this host to the server.",
        "the FTP user's program, its HELP", "SITE3 types  SEND DRAFT.TXT NOTES.TXT" in "rfc354-stor" Teletype
        ; see "STOR", "# BYTES SENT";
    "LIST at a teletype" []
        "To the FTP user's program: print which files the server has, of who is logged in, of a <DIRECTORY>, or one.",
        "the FTP user's program, its HELP", "SITE3 types  LIST" in "list-and-delete" Teletype
        ; see "LIST", "NO FILES";
    "DELETE" []
        "To the FTP user's program: delete a file of the server.",
        "the FTP user's program, its HELP", "SITE3 types  DELETE OLD.TXT" in "list-and-delete" Teletype
        ; see "DELE";
    "QUOTE" []
        "To the FTP user's program: send what follows to the server as it is, and print the reply. So any command of the protocol can \
         be tried.",
        "the FTP user's program, its HELP", "SITE3 types  QUOTE LSTN R" in "typed-by-hand" Teletype
        ; see "reply", "HELP";
    "BYE at a teletype" []
        "To the FTP user's program: log out, and close the dialogue.",
        "the FTP user's program, its HELP", "SITE3 types  BYE" in "typed-by-hand" Teletype
        ; see "BYE", "CLOSED";
    "ACCOUNT" []
        "To the FTP user's program: say who pays, by ACCT, where a server wants to know.",
        "the FTP user's program, its HELP; RFC 385, 15, p. 5"
        ; see "ACCT", "331", "433";
    "MULTIPLE" ["MULTIPLE GET", "MULTIPLE SEND", "MULTIPLE DELETE"]
        "To the FTP user's program: GET, SEND or DELETE many files, one after the other: `MULTIPLE GET *.TXT`. Which names of the \
         server's fit is found out by NLST; ABORT stops the one that is on its way, and begins no other.",
        "the FTP user's program, its HELP", "SITE3 types  MULTIPLE GET *.TXT" in "many-files" Teletype
        ; see "NLST", "# OF # FILES; WHY NOT THE OTHERS IS SAID ABOVE", "STOPPED: # OF # FILES ARE DONE";
    "RENAME" []
        "To the FTP user's program: give a file of the server another name.",
        "the FTP user's program, its HELP", "SITE3 types  RENAME ONE.TXT NEW.TXT" in "many-files" Teletype
        ; see "RNFR", "RNTO";
    "DIRECTORY at a teletype" []
        "To the FTP user's program: print the names of the server's files, and nothing else of them.",
        "the FTP user's program, its HELP", "SITE3 types  DIRECTORY" in "many-files" Teletype
        ; see "NLST", "LIST at a teletype";
    "FILES" []
        "To the FTP user's program: print which files there are at its own host. No server is asked.",
        "the FTP user's program, its HELP", "SITE3 types  FILES" in "many-files" Teletype
        ; see "LIST at a teletype";
    "TYPE at a teletype" []
        "To the FTP user's program: ASCII for text, IMAGE for anything else.",
        "the FTP user's program, its HELP"
        ; see "TYPE", "TYPE A", "TYPE I";
    "BYTE at a teletype" []
        "To the FTP user's program: the byte size of data connections, of which it knows 8 only.",
        "the FTP user's program, its HELP"
        ; see "BYTE";
    "MODE at a teletype" []
        "To the FTP user's program: the transfer mode, of which it knows STREAM only.",
        "the FTP user's program, its HELP", "SITE3 types  MODE BLOCK" in "many-files" Teletype
        ; see "MODE", "MODE S";
    "STRUCTURE" []
        "To the FTP user's program: the structure of files, of which it knows FILE only.",
        "the FTP user's program, its HELP"
        ; see "STRU", "STRU F";
    "CWD" []
        "To the FTP user's program: go to another directory of the server's, by XCWD, which not every server has.",
        "the FTP user's program, its HELP; RFC 542, Miscellaneous Commands, p. 29"
        ; see "RETR", "LIST at a teletype";
    "QUIT" []
        "To the FTP user's program: the same as BYE.",
        "the FTP user's program, its HELP", "SITE3 types  QUIT" in "many-files" Teletype
        ; see "BYE at a teletype";
};

/// What is printed.
pub(super) const PRINTED: &[Row] = rows! { Printed:
    "CONNECTED TO *" []
        "The server has been reached: it has sent its greeting.",
        "RFC 354, IV.B, p. 19", "SITE3 sees  CONNECTED TO SITE1" in "typed-by-hand" Teletype
        ; see "CONNECT", "300";
    "STILL CONNECTED: BYE FIRST" []
        "The program has one dialogue at a time.",
        "the FTP user's program", "SITE3 sees  STILL CONNECTED: BYE FIRST" in "ftp-user-complaints" Teletype
        ; see "BYE at a teletype";
    "NOT CONNECTED ANY MORE" []
        "The dialogue has broken, or its replies cannot be told apart any more: CONNECT begins another.",
        "the FTP user's program", "SITE3 sees  NOT CONNECTED ANY MORE" in "ftp-user-complaints" Teletype
        ; see "CONNECT";
    "CLOSED" []
        "The dialogue is over, as BYE had asked.",
        "RFC 354, IV.A.3, p. 17", "SITE3 sees  CLOSED" in "typed-by-hand" Teletype
        ; see "BYE at a teletype", "231";
    "*: no connection: *" ["no connection"]
        "The initial connection protocol did not lead to a server, and why.",
        "RFC 165", "SITE3 sees  SITE2: no connection: host dead" in "ftp-user-complaints" Teletype
        ; see "ICP", "dead";
    "*: # BYTES SO FAR, IN # SECONDS" ["so far"]
        "How many bytes of a file have passed at the user's end, and how long the transfer has been under way.",
        "the FTP user's program", "SITE3 sees  LONG.TXT: 20040 BYTES SO FAR, IN 5 SECONDS" in "abort-by-program" Teletype
        ; see "STATUS";
    "NO FILES" []
        "The list that came has nothing in it.",
        "RFC 354, IV.A.3, p. 16", "SITE3 sees  NO FILES" in "list-and-delete" Teletype
        ; see "LIST at a teletype";
    "AND MORE" []
        "The list has more lines than are printed.",
        "the FTP user's program", "SITE3 sees  AND MORE"
        ; see "LIST at a teletype";
    "# BYTES ON DISK" ["BYTES ON DISK"]
        "In a list of a server: how long a file is.",
        "RFC 354, IV.A.3, p. 16", "SITE3 sees  <SMITH>NOTES.TXT       34 BYTES ON DISK" in "list-and-delete" Teletype
        ; see "LIST";
    "ACCOUNT:" []
        "The program asks who pays, since the server wants to know.",
        "the FTP user's program", "SITE3 sees  ACCOUNT:" in "accounts-charged" Teletype
        ; see "ACCT", "NO ACCOUNT IS NAMED";
    "NO ACCOUNT IS NAMED" []
        "What was typed where an account was asked for is none. It is sent nowhere, and taken for the next command: there might be a \
         password in it.",
        "the FTP user's program", "SITE3 sees  NO ACCOUNT IS NAMED"
        ; see "ACCOUNT:", "331";
    "NOT CONNECTED TO ANY SITE" []
        "STATUS was typed, and there is no dialogue with a server.",
        "the FTP user's program", "SITE3 sees  NOT CONNECTED TO ANY SITE" in "many-files" Teletype
        ; see "STATUS", "CONNECT";
    "* COULD BE *" ["COULD BE"]
        "The word begins more than one command, and it is not known which is meant.",
        "the FTP user's program", "SITE3 sees  B COULD BE BYTE OR BYE" in "many-files" Teletype
        ; see "HELP at a teletype";
    "*: THIS PROGRAM KNOWS * ONLY" ["THIS PROGRAM KNOWS"]
        "The protocol has that value of a parameter, and this program has not.",
        "the FTP user's program", "SITE3 sees  MODE BLOCK: THIS PROGRAM KNOWS STREAM ONLY" in "many-files" Teletype
        ; see "TYPE at a teletype", "MODE at a teletype";
    "NO TRANSFER IS UNDER WAY" []
        "ABORT was typed, and there is nothing to stop.",
        "the FTP user's program", "SITE3 sees  NO TRANSFER IS UNDER WAY" in "many-files" Teletype
        ; see "ABORT";
    "IT IS BEING STOPPED; ABORT ONCE MORE GIVES UP WAITING" ["IT IS BEING STOPPED"]
        "The server has been told to stop the transfer, and has not answered yet.",
        "the FTP user's program", "SITE3 sees  IT IS BEING STOPPED; ABORT ONCE MORE GIVES UP WAITING"
        ; see "ABORT", "STOPPED AFTER # BYTES";
    "STATUS SAYS HOW FAR IT IS, ABORT STOPS IT; ANYTHING ELSE WAITS UNTIL IT IS OVER" ["ANYTHING ELSE WAITS"]
        "While a transfer runs two things can be typed that are obeyed at once.",
        "the FTP user's program", "SITE3 sees  STATUS SAYS HOW FAR IT IS, ABORT STOPS IT; ANYTHING ELSE WAITS UNTIL IT IS OVER" in "many-files" Teletype
        ; see "STATUS", "ABORT";
    "THE SERVER SAYS: *" ["THE SERVER SAYS"]
        "A reply that answers nothing: news of its operator, or that it shuts down.",
        "RFC 354, V.C, pp. 22-23", "SITE3 sees  THE SERVER SAYS: 030 THIS SERVICE SHUTS DOWN AT NOON"
        ; see "000", "030", "050";
    "THERE NOW: *" ["THERE NOW"]
        "Nobody said what came of a file that was sent: this is what the server has of it now.",
        "the FTP user's program", "SITE3 sees  THERE NOW: <SMITH>DRAFT.TXT  12 BYTES ON DISK"
        ; see "the server does not say what came of it", "half a file";
    "NO FILE IS LIKE *" ["NO FILE IS LIKE"]
        "No name fits the pattern, in which a `*` stands for any letters.",
        "the FTP user's program", "SITE3 sees  NO FILE IS LIKE *.PL1" in "many-files" Teletype
        ; see "MULTIPLE", "LIST at a teletype";
    "# FILES" []
        "Of many files each one is done.",
        "the FTP user's program", "SITE3 sees  2 FILES" in "many-files" Teletype
        ; see "MULTIPLE", "# OF # FILES; WHY NOT THE OTHERS IS SAID ABOVE";
    "# OF # FILES; WHY NOT THE OTHERS IS SAID ABOVE" ["WHY NOT THE OTHERS IS SAID ABOVE"]
        "Of many files some were not done.",
        "the FTP user's program", "SITE3 sees  2 OF 3 FILES; WHY NOT THE OTHERS IS SAID ABOVE"
        ; see "MULTIPLE";
    "STOPPED: # OF # FILES ARE DONE" ["FILES ARE DONE"]
        "ABORT was typed while many files were on their way one after the other: so many are done, and the others were not begun.",
        "the FTP user's program", "SITE3 sees  STOPPED: 0 OF 2 FILES ARE DONE" in "many-files" Teletype
        ; see "MULTIPLE", "ABORT";
    "DELETE *, # IN ALL? (YES OR NO)" ["IN ALL", "YES OR NO"]
        "The program asks before it deletes many files; anything but YES is no. RFC 354 leaves such a question to the user's side.",
        "RFC 354, IV.A.3, p. 16", "SITE3 sees  DELETE <SMITH>ONE.TXT <SMITH>TWO.TXT, 2 IN ALL? (YES OR NO)" in "many-files" Teletype
        ; see "DELE", "NOTHING IS DELETED";
    "NOTHING IS DELETED" []
        "The answer to the question was not YES.",
        "the FTP user's program", "SITE3 sees  NOTHING IS DELETED" in "many-files" Teletype
        ; see "DELETE *, # IN ALL? (YES OR NO)";
};
