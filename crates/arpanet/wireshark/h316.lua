-- Takes captures of ARPANET host cables apart, for Wireshark and tshark: the UDP framing of emulated machines (H316),
-- the messages that it carries, their leaders (RFC 381, 394), the header and the control commands of NCPs (NIC 8246 =
-- RFC 6529), the socket number of an initial connection (RFC 165), and the lines of Telnet connections.
--
--   wireshark -X lua_script:h316.lua capture.pcapng
--
-- A datagram is known by its first four bytes, whatever the ports are. What a message means depends on earlier ones, as
-- in crates/trace/src/follow.rs: an RTS says which link a connection will use, and a contact socket which connections
-- carry lines of text. The fields of NCPs are called arpancp.*, because Wireshark's ncp.* are those of another
-- protocol, of Novell. It works with Lua 5.1 to 5.4: no bit operators, no bit library.

local h316 = Proto("h316", "ARPANET host cable over UDP")
local imp = Proto("imp", "ARPANET 1822 message")
local ncp = Proto("arpancp", "ARPANET Host/Host protocol")

-- Fields ---------------------------------------------------------------------------------------------------------

local f = {
    magic = ProtoField.string("h316.magic", "Magic"),
    seq = ProtoField.uint32("h316.seq", "Sequence number"),
    count = ProtoField.uint16("h316.count", "Words that follow", base.DEC, nil, nil, "Flags included"),
    flags = ProtoField.uint16("h316.flags", "Flags", base.HEX),
    last = ProtoField.bool("h316.flags.last", "Last of the message", 16, nil, 0x0001),
    ready = ProtoField.bool("h316.flags.ready", "Sender is ready", 16, nil, 0x0002),
    words = ProtoField.bytes("h316.words", "Words"),
    from_imp = ProtoField.bool("h316.from_imp", "From the IMP"),
    parts = ProtoField.uint32("h316.parts", "Datagrams of the message"),
    says = ProtoField.string("h316.says", "In words"),
}

local TO_IMP = {
    [0] = "Regular", [1] = "Error without identification", [2] = "Host going down", [4] = "NOP",
    [8] = "Error with identification",
}
local FROM_IMP = {
    [0] = "Regular", [1] = "Error in leader", [2] = "IMP going down", [4] = "NOP", [5] = "RFNM",
    [7] = "Destination dead", [8] = "Error in data", [9] = "Incomplete transmission", [10] = "Interface reset",
}
local SUBTYPES = {
    [1] = { [0] = "error flip-flop set on the leader", [1] = "message shorter than a leader", [2] = "illegal message type" },
    [7] = { [0] = "IMP dead or out of reach", [1] = "host dead" },
    [9] = {
        [0] = "destination host did not take the message", [1] = "message too long",
        [2] = "message too slow into the IMP", [3] = "message lost in the subnet",
        [4] = "resources unavailable in the IMP",
    },
}
local REASONS = {
    [0] = "not said", [1] = "scheduled hardware maintenance", [2] = "scheduled software reload", [3] = "emergency",
}

local i = {
    flags = ProtoField.uint8("imp.flags", "Flags", base.HEX, nil, 0xf0),
    priority = ProtoField.bool("imp.flags.priority", "Priority", 8, nil, 0x80),
    for_imp = ProtoField.bool("imp.flags.for_imp", "For or from the IMP itself", 8, nil, 0x40),
    trace = ProtoField.bool("imp.flags.trace", "Trace", 8, nil, 0x20),
    octal = ProtoField.bool("imp.flags.octal", "Octal", 8, nil, 0x10),
    kind = ProtoField.uint8("imp.type", "Type", base.DEC, nil, 0x0f),
    address = ProtoField.uint8("imp.host", "Host address"),
    at_host = ProtoField.uint8("imp.host.host", "Host at its IMP", base.DEC, nil, 0xc0),
    at_imp = ProtoField.uint8("imp.host.imp", "IMP", base.DEC, nil, 0x3f),
    link = ProtoField.uint8("imp.link", "Link"),
    unused = ProtoField.uint8("imp.unused", "Unused", base.HEX, nil, 0xf0),
    subtype = ProtoField.uint8("imp.subtype", "Subtype", base.DEC, nil, 0x0f),
    reason = ProtoField.uint16("imp.down.reason", "Reason", base.DEC, REASONS, 0xc000),
    how_soon = ProtoField.uint16("imp.down.how_soon", "How soon, in units of 5 minutes", base.DEC, nil, 0x3c00),
    how_long = ProtoField.uint16("imp.down.how_long", "For how long, in units of 5 minutes", base.DEC, nil, 0x03ff),
    bits = ProtoField.uint32("imp.bits", "Bits, padding included"),
    name = ProtoField.string("imp.name", "Message"),
}

local OPCODES = {
    [0] = "NOP", [1] = "RTS", [2] = "STR", [3] = "CLS", [4] = "ALL", [5] = "GVB", [6] = "RET", [7] = "INR", [8] = "INS",
    [9] = "ECO", [10] = "ERP", [11] = "ERR", [12] = "RST", [13] = "RRP",
}
-- The lengths of the commands in bytes, their opcodes included.
local LENGTHS = {
    [0] = 1, [1] = 10, [2] = 10, [3] = 9, [4] = 8, [5] = 4, [6] = 8, [7] = 2, [8] = 2, [9] = 2, [10] = 2, [11] = 12,
    [12] = 1, [13] = 1,
}
local ERRORS = {
    [0] = "undefined error", [1] = "illegal opcode", [2] = "short parameter space", [3] = "bad parameters",
    [4] = "request on a nonexistent socket", [5] = "socket not connected",
}

local n = {
    m1 = ProtoField.uint8("arpancp.m1", "M1, zero", base.HEX),
    size = ProtoField.uint8("arpancp.size", "Byte size"),
    count = ProtoField.uint16("arpancp.count", "Bytes of text"),
    m2 = ProtoField.uint8("arpancp.m2", "M2, zero", base.HEX),
    op = ProtoField.uint8("arpancp.op", "Command", base.DEC, OPCODES),
    my = ProtoField.uint32("arpancp.socket.my", "My socket"),
    your = ProtoField.uint32("arpancp.socket.your", "Your socket"),
    link = ProtoField.uint8("arpancp.link", "Link"),
    byte_size = ProtoField.uint8("arpancp.byte_size", "Byte size"),
    messages = ProtoField.uint16("arpancp.messages", "Messages"),
    bits = ProtoField.uint32("arpancp.bits", "Bits"),
    messages_part = ProtoField.uint8("arpancp.messages_part", "Messages, in 128ths"),
    bits_part = ProtoField.uint8("arpancp.bits_part", "Bits, in 128ths"),
    data = ProtoField.uint8("arpancp.data", "Data"),
    code = ProtoField.uint8("arpancp.error", "Error", base.DEC, ERRORS),
    about = ProtoField.bytes("arpancp.about", "What it is about"),
    text = ProtoField.bytes("arpancp.text", "Text"),
    line = ProtoField.string("arpancp.line", "Line"),
    socket = ProtoField.uint32("arpancp.icp.socket", "Server's socket number"),
    padding = ProtoField.bytes("arpancp.padding", "Padding"),
}

local x = {
    malformed = ProtoExpert.new("h316.malformed", "Malformed datagram", expert.group.MALFORMED, expert.severity.ERROR),
    lost = ProtoExpert.new("h316.lost", "Datagrams are missing", expert.group.SEQUENCE, expert.severity.WARN),
    old = ProtoExpert.new("h316.old", "Twice or too late", expert.group.SEQUENCE, expert.severity.NOTE),
    restart = ProtoExpert.new("h316.restart", "The sender has restarted", expert.group.SEQUENCE, expert.severity.NOTE),
    long = ProtoExpert.new("h316.long", "Longer than any message", expert.group.PROTOCOL, expert.severity.WARN),
    short = ProtoExpert.new("imp.short", "Shorter than a leader", expert.group.MALFORMED, expert.severity.WARN),
}
local c = {
    short = ProtoExpert.new("arpancp.short", "Cut off", expert.group.MALFORMED, expert.severity.WARN),
    opcode = ProtoExpert.new("arpancp.opcode", "No such command", expert.group.PROTOCOL, expert.severity.WARN),
}

local function values(t)
    local list = {}
    for _, v in pairs(t) do list[#list + 1] = v end
    return list
end
h316.fields = values(f)
imp.fields = values(i)
ncp.fields = values(n)
h316.experts = values(x)
ncp.experts = values(c)

h316.prefs.imps = Pref.string("IMPs", "", "IP addresses of IMPs, for captures in which they cannot be recognised")

-- What earlier datagrams said ------------------------------------------------------------------------------------

-- The longest message in words (RFC 381), and one word more.
local MAX_WORDS = 506

-- For each direction of a cable: the number that is expected, and the message that goes on.
local directions
-- For each cable, by the end that sorts first: how much more that end is like an IMP than the other.
local manners
-- For each datagram, by its packet and its place in it: what was found out when it was first seen.
local seen
-- For each link, by host and partner: what its connection is for; and the sockets that servers have given out.
local flows, services

function h316.init()
    directions, manners, seen, flows, services = {}, {}, {}, {}, {}
end

local function ends(pinfo)
    local from = tostring(pinfo.src) .. ":" .. pinfo.src_port
    local to = tostring(pinfo.dst) .. ":" .. pinfo.dst_port
    if from < to then return from, to, from .. " " .. to, 1 end
    return from, to, to .. " " .. from, -1
end

local function flag(flags, mask) return math.floor(flags / mask) % 2 == 1 end

-- Only an IMP sends these, or ends a message with an empty datagram; only a host text and end in one.
local IMP_ONLY = { [5] = true, [7] = true, [9] = true, [10] = true }

local function lean(words, last, kind, within)
    if words == 0 then return (last and within) and 1 or 0 end
    if within or not last then return 0 end
    if words == 2 and IMP_ONLY[kind] then return 1 end
    if words > 2 and kind == 0 then return -1 end
    return 0
end

-- Follows the sequence and puts the message together, when a datagram is seen for the first time. Sequence
-- numbers are compared as crates/imp1822/src/h316/receiver.rs does.
local function first_look(tvb, pinfo)
    local from, to, cable, sign = ends(pinfo)
    local key = from .. ">" .. to
    local found = { notes = {} }
    local seq, flags = tvb(4, 4):uint(), tvb(10, 2):uint()
    local words = (tvb:len() - 12) / 2
    local last = flag(flags, 1)
    local d = directions[key]
    if not d then
        d = { expected = seq, adrift = seq ~= 0 }
        directions[key] = d
    end
    local ahead = (seq - d.expected) % 4294967296
    if ahead ~= 0 then
        if seq == 0 then
            found.notes[#found.notes + 1] = { x.restart, "The sender has restarted" }
            d.message, d.adrift = nil, false
        elseif ahead < 2147483648 then
            found.notes[#found.notes + 1] = { x.lost, ahead .. " datagrams are missing before this one" }
            d.message, d.adrift = nil, true
        else
            found.notes[#found.notes + 1] = { x.old, "Twice or too late: " .. d.expected .. " is expected" }
            found.old = true
            return found, cable, sign
        end
    end
    d.expected = (seq + 1) % 4294967296
    local kind = words > 0 and tvb(12, 1):uint() % 16 or nil
    local within = d.message ~= nil
    manners[cable] = (manners[cable] or 0) + sign * lean(words, last, kind, within)
    if d.adrift then
        -- Nobody knows where a message begins: at a full first packet, a leader alone, or after the next end. What
        -- has words and an end may be whole, if this end never leaves out the end.
        local begins = (words > 63 and not last) or (last and words > 0 and (words == 2 or not d.spreads))
        if begins then d.adrift = false end
        if not begins then
            if last then d.adrift = false end
            found.adrift = words > 0
            return found, cable, sign
        end
    end
    if words > 0 and not last then d.spreads = true end
    if words > 0 then
        d.message = d.message or { bytes = ByteArray.new(), parts = 0 }
        d.message.parts = d.message.parts + 1
        if d.message.bytes:len() / 2 + words <= MAX_WORDS then
            d.message.bytes:append(tvb(12):bytes())
        elseif not d.message.long then
            d.message.long = true
            found.notes[#found.notes + 1] = { x.long, "Longer than any message: the rest is left out" }
        end
    end
    if last and d.message then
        found.message, found.parts = d.message.bytes, d.message.parts
        d.message = nil
    end
    return found, cable, sign
end

-- Text -----------------------------------------------------------------------------------------------------------

local function printable(byte)
    if byte >= 32 and byte <= 126 then return string.char(byte) end
    return "\194\183" -- a middle dot, as in our transcripts
end

local function quoted(tvb, most)
    local text = {}
    for at = 0, math.min(tvb:len(), most) - 1 do
        local byte = tvb(at, 1):uint()
        text[#text + 1] = byte == 13 and "\\r" or byte == 10 and "\\n" or printable(byte)
    end
    return '"' .. table.concat(text) .. (tvb:len() > most and '..."' or '"')
end

local function lines(tvb, tree, into)
    local start, at, text = 0, 0, {}
    local function say(stop)
        if stop > start then
            local line = table.concat(text)
            tree:add(n.line, tvb(start, stop - start), line)
            into[#into + 1] = line
        end
        start, text = stop, {}
    end
    while at < tvb:len() do
        local byte = tvb(at, 1):uint()
        if byte == 13 and at + 1 < tvb:len() and tvb(at + 1, 1):uint() == 10 then
            at = at + 2
            say(at)
        else
            text[#text + 1] = printable(byte)
            at = at + 1
        end
    end
    say(tvb:len())
end

-- Control commands -----------------------------------------------------------------------------------------------

local function command(op, tvb, tree)
    local function number(field, at, length)
        tree:add(field, tvb(at, length))
        return tvb(at, length):uint()
    end
    if op == 1 then
        local my, your, link = number(n.my, 1, 4), number(n.your, 5, 4), number(n.link, 9, 1)
        return string.format("RTS %u from %u link %u", my, your, link), { rts = true, my = my, your = your, link = link }
    elseif op == 2 then
        local my, your = number(n.my, 1, 4), number(n.your, 5, 4)
        return string.format("STR %u to %u size %u", my, your, number(n.byte_size, 9, 1))
    elseif op == 3 then
        local my = number(n.my, 1, 4)
        return string.format("CLS %u %u", my, number(n.your, 5, 4))
    elseif op == 4 or op == 6 then
        local link, messages = number(n.link, 1, 1), number(n.messages, 2, 2)
        return string.format("%s link %u messages %u bits %u", OPCODES[op], link, messages, number(n.bits, 4, 4))
    elseif op == 5 then
        local link, messages = number(n.link, 1, 1), number(n.messages_part, 2, 1)
        return string.format("GVB link %u %u/128 messages %u/128 bits", link, messages, number(n.bits_part, 3, 1))
    elseif op == 7 or op == 8 then
        return string.format("%s link %u", OPCODES[op], number(n.link, 1, 1))
    elseif op == 9 or op == 10 then
        return string.format("%s %u", OPCODES[op], number(n.data, 1, 1))
    elseif op == 11 then
        local code = number(n.code, 1, 1)
        tree:add(n.about, tvb(2, 10))
        local about = tvb(2, 10):bytes():tohex():lower()
        return string.format("ERR %u %s %s", code, ERRORS[code] or "unknown error code", about)
    end
    return OPCODES[op]
end

-- Which connection a link belongs to -----------------------------------------------------------------------------

-- A connection is known by the host that has asked for its link, with its cable's end, and the address of its
-- partner. The same host has no other name on both of its directions.
local function learn(host, partner, rts, from_host)
    -- The link carries messages from the one that was asked to the one that asks.
    local key = host .. " " .. partner .. (from_host and " in " or " out ") .. rts.link
    -- The sender's socket is in the host that was asked.
    local server, user = rts.your, rts.my
    local at_server, at_user = from_host and partner or "self", from_host and "self" or partner
    local function given(at, socket)
        return services[host .. " " .. at .. " " .. (socket - socket % 2)]
    end
    -- A server may go on at sockets that look like those of services.
    if given(at_server, server) or given(at_user, user) then
        flows[key] = { role = "lines" }
    elseif server % 2 == 1 and server < 256 then
        flows[key] = { role = "contact", service = server, at = at_server }
    else
        flows[key] = { role = "data" }
    end
end

-- Headers and text -----------------------------------------------------------------------------------------------

local function dissect_ncp(tvb, tree, about, first)
    local words = {}
    local top = tree:add(ncp, tvb())
    if tvb:len() < 5 then
        top:add_proto_expert_info(c.short, "The message ends within the header")
        return "header cut off"
    end
    local size, count = tvb(1, 1):uint(), tvb(2, 2):uint()
    top:add(n.m1, tvb(0, 1))
    top:add(n.size, tvb(1, 1))
    top:add(n.count, tvb(2, 2))
    top:add(n.m2, tvb(4, 1))
    local bytes = math.ceil(size * count / 8)
    local rest = tvb:len() - 5
    if bytes > rest then
        top:add_proto_expert_info(c.short, "The message has less text than its header says")
        bytes = rest
    end
    if rest > bytes then top:add(n.padding, tvb(5 + bytes)) end
    if bytes == 0 then return string.format("no text on link %u", about.link) end
    local text = tvb(5, bytes):tvb()

    if about.link == 0 then
        local at = 0
        while at < text:len() do
            local op = text(at, 1):uint()
            local length = LENGTHS[op]
            if not length then
                top:add(n.op, text(at, 1))
                local private = op > 127
                local said = private and "opcode " .. op .. " of a private experiment" or "illegal opcode " .. op
                top:add_proto_expert_info(c.opcode, private and said or "No control command has opcode " .. op)
                words[#words + 1] = said
                break
            elseif at + length > text:len() then
                top:add(n.op, text(at, 1))
                top:add_proto_expert_info(c.short, "The text ends within a command")
                words[#words + 1] = "short parameter space of opcode " .. op
                break
            end
            local range = text(at, length)
            local branch = top:add(range, OPCODES[op])
            branch:add(n.op, text(at, 1))
            local said, rts = command(op, range:tvb(), branch)
            branch:set_text(said)
            words[#words + 1] = said
            if rts and first then learn(about.host, about.partner, rts, about.from_host) end
            at = at + length
        end
        return table.concat(words, "; ")
    end

    -- What the connection was for when the message was first seen.
    local key = about.host .. " " .. about.partner .. (about.from_host and " out " or " in ") .. about.link
    if first then about.memory.flow = flows[key] or { role = "data" } end
    local flow = about.memory.flow or { role = "data" }
    if flow.role == "contact" and size == 32 and text:len() >= 4 then
        local socket = text(0, 4):uint()
        top:add(n.socket, text(0, 4))
        if first then services[about.host .. " " .. flow.at .. " " .. (socket - socket % 2)] = flow.service end
        return string.format("link %u socket number %u", about.link, socket)
    elseif flow.role == "lines" then
        lines(text, top, words)
        return table.concat(words, "; ")
    end
    top:add(n.text, text())
    local said = string.format("link %u data %u x %u bits", about.link, count, size)
    return size == 8 and said .. " " .. quoted(text, 28) or said
end

local function dissect_message(tvb, pinfo, tree, about, first)
    local top = tree:add(imp, tvb())
    if tvb:len() < 4 then
        top:add_proto_expert_info(x.short, "Shorter than a leader")
        return "shorter than a leader"
    end
    local names = about.from_host and TO_IMP or FROM_IMP
    local kind, address, link = tvb(0, 1):uint() % 16, tvb(1, 1):uint(), tvb(2, 1):uint()
    local subtype = tvb(3, 1):uint() % 16
    top:add(i.bits, tvb(), tvb:len() * 8):set_generated()
    local flags = top:add(i.flags, tvb(0, 1))
    for _, field in ipairs({ i.priority, i.for_imp, i.trace, i.octal }) do flags:add(field, tvb(0, 1)) end
    local name = names[kind] or "Unknown"
    top:add(i.kind, tvb(0, 1)):append_text(" (" .. name .. ")")
    top:add(i.name, tvb(0, 1), name):set_generated()
    local host = top:add(i.address, tvb(1, 1))
    host:add(i.at_host, tvb(1, 1))
    host:add(i.at_imp, tvb(1, 1))
    local said = name
    if kind == 2 and not about.from_host then
        for _, field in ipairs({ i.reason, i.how_soon, i.how_long }) do top:add(field, tvb(2, 2)) end
    else
        top:add(i.link, tvb(2, 1))
        top:add(i.unused, tvb(3, 1))
        local meaning = not about.from_host and SUBTYPES[kind] and SUBTYPES[kind][subtype]
        local item = top:add(i.subtype, tvb(3, 1))
        if meaning then
            item:append_text(" (" .. meaning .. ")")
            said = said .. " (" .. meaning .. ")"
        end
    end
    if kind == 0 then
        about.link, about.partner = link, tostring(address)
        top:append_text(string.format(", %s host %u, link %u", about.from_host and "to" or "from", address, link))
        -- The programs of an IMP have no NCP, and no headers of one.
        if tvb(0, 1):uint() % 128 >= 64 then
            return string.format("%s fake host %u of IMP %u, link %u", about.from_host and "to" or "from",
                math.floor(address / 64), address % 64, link)
        end
        -- Links for measurement (RFC 317, III) have no headers of NCPs.
        if link >= 159 and link <= 191 then return string.format("link %u, for measurement", link) end
        local direction = about.from_host and "to" or "from"
        local rest = tvb:len() > 4 and dissect_ncp(tvb(4):tvb(), tree, about, first) or "no header"
        return string.format("%s host %u: %s", direction, address, rest)
    end
    top:append_text(", " .. said)
    if kind == 5 or kind == 7 or kind == 8 or kind == 9 then
        said = string.format("%s host %u link %u", said, address, link)
    end
    return said
end

-- Datagrams ------------------------------------------------------------------------------------------------------

local function whole(tvb)
    return tvb:len() >= 12 and tvb:reported_len() == tvb:len() and tvb(8, 2):uint() >= 1
        and tvb:len() == 10 + 2 * tvb(8, 2):uint()
end

function h316.dissector(tvb, pinfo, tree)
    pinfo.cols.protocol = "H316"
    local top = tree:add(h316, tvb())
    if tvb:len() >= 4 then top:add(f.magic, tvb(0, 4)) end
    if tvb:len() >= 8 then top:add(f.seq, tvb(4, 4)) end
    if tvb:len() >= 10 then top:add(f.count, tvb(8, 2)) end
    if not whole(tvb) then
        top:add_proto_expert_info(x.malformed, "Its length is not what its count says")
        pinfo.cols.info = "malformed: its length is not what its count says"
        return tvb:len()
    end
    local flags = top:add(f.flags, tvb(10, 2))
    flags:add(f.ready, tvb(10, 2))
    flags:add(f.last, tvb(10, 2))
    if tvb:len() > 12 then top:add(f.words, tvb(12)) end

    local first = not pinfo.visited and not seen[pinfo.number]
    if first then
        local found, cable, sign = first_look(tvb, pinfo)
        found.cable, found.sign, found.memory = cable, sign, {}
        seen[pinfo.number] = found
    end
    local found = seen[pinfo.number] or { notes = {}, memory = {} }
    if first then
        -- What was known of the cable when the datagram came.
        local manner = (manners[found.cable] or 0) * found.sign
        local _, to = ends(pinfo)
        -- As long as it cannot be seen, our own captures have their IMPs at 10.255.0.IMP.
        local source = tostring(pinfo.src)
        local said = (" " .. h316.prefs.imps .. " "):find("[ ,]" .. source:gsub("%p", "%%%0") .. "[ ,]") ~= nil
        found.from_imp = said or manner > 0 or (manner == 0 and source:find("^10%.255%.0%.") ~= nil)
        found.host = found.from_imp and to or (tostring(pinfo.src) .. ":" .. pinfo.src_port)
    end
    top:add(f.from_imp, tvb(0, 0), found.from_imp == true):set_generated()
    for _, note in ipairs(found.notes) do top:add_proto_expert_info(note[1], note[2]) end

    local seq, bits = tvb(4, 4):uint(), tvb(10, 2):uint()
    local words = (tvb:len() - 12) / 2
    top:append_text(string.format(", #%u%s%s, %u words", seq, flag(bits, 2) and " READY" or "", flag(bits, 1) and " LAST" or "", words))
    local said
    if found.message then
        local message = found.message
        local inner = found.parts == 1 and words * 2 == message:len() and tvb(12):tvb()
            or message:tvb("Message of " .. found.parts .. " datagrams")
        top:add(f.parts, tvb(12), found.parts):set_generated()
        local about = { from_host = not found.from_imp, host = found.host, memory = found.memory }
        said = dissect_message(inner, pinfo, tree, about, first)
    elseif found.old then
        said = "twice or too late"
    elseif found.adrift then
        said = "part of a message of which a datagram is missing"
    elseif words > 0 then
        said = "part of a message"
    else
        said = flag(bits, 2) and "ready" or "not ready"
    end
    top:add(f.says, tvb(10), said):set_generated()
    pinfo.cols.info = (found.from_imp and "IMP: " or "Host: ") .. said
    return tvb:len()
end

h316:register_heuristic("udp", function(tvb, pinfo, tree)
    if tvb:len() < 4 or tvb(0, 4):uint() ~= 0x48333136 then return false end
    h316.dissector(tvb, pinfo, tree)
    return true
end)
