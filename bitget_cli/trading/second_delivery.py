"""Refusals that also the second delivery of an accepted change gets: what it was refused for may be its own doing.

A network may deliver a request twice and pass on the second answer alone. What is refused for its own words (a price, a
parameter, a permission) is refused both times; what is refused for how things stand may have been accepted before, so
that it is looked for first. Of all codes of `bitget api errors`; which engine answers with which no page tells.
"""

from __future__ import annotations

# Too little money: what is missing may be what it took.
_MONEY = (
    *("12001", "13004", "13006", "40711", "40712", "40713", "40722", "40754", "40756", "40759", "40762", "40798"),
    *("40800", "40801", "40826", "40893", "40898", "40901", "40936", "40937", "43012", "43117", "43131", "43132"),
    *("45002", "45004", "45008", "45123", "49023", "49064", "50020", "50041", "50045", "50052", "50055", "59002"),
    *("59011", "59022", "59042", "60013", "70226", "80009", "80013"),
)
# Too little of a position, or none: it may have closed it, or promised it to itself.
_POSITION = (
    *("22002", "31008", "40709", "40717", "40746", "40755", "40757", "40758", "40764", "40765", "40766", "40767"),
    *("40802", "40804", "40837", "40838", "40867", "40891", "40939", "43023", "43029", "43043", "45003", "45005"),
    *("45006", "45007", "45011", "45012", "45013", "45014", "45068"),
)
# As many orders, or as much of one, as there may be: it may be the last of them.
_FULL = (
    *("12007", "22029", "31038", "40715", "40723", "40750", "40751", "40761", "40763", "40876", "40877", "40889"),
    *("40890", "40921", "40928", "40930", "43005", "43051", "43071", "43128", "45010", "45091", "45113", "45116"),
    *("45118", "45120", "50017", "50035", "50038", "50048", "70223", "80015"),
)
# What may be bought, sold, converted or moved in a day: it may have used it up.
_QUOTA = (
    *("12002", "12003", "12008", "12009", "13003", "13007", "13009", "43113", "43122", "46013", "50068", "50077"),
    *("50081", "59008", "59016", "59023", "59043", "70205", "70213", "70219", "70221", "70222", "70224", "70225"),
)
# Nothing on the other side of the book: it may have taken it.
_BOOK = ("22045", "40720", "40825", "70220")
# Too soon after another one: that may have been itself.
_TOO_SOON = ("13001", "22035", "40918", "43036", "45129", "59044", "70228")
# Done, under way or over already: by itself, perhaps.
_ALREADY = (
    *("01003", "13010", "22020", "31006", "31009", "31011", "31023", "31024", "31054", "40733", "40743", "40744"),
    *("40745", "40769", "40858", "40859", "40865", "40894", "40896", "40909", "40923", "43021", "43024", "43030"),
    *("43031", "43044", "43064", "43137", "45031", "45106", "45125", "45126", "49021", "50062", "50066"),
)
# It failed, and no word of why.
_FAILED = (
    *("12018", "31016", "40776", "40777", "40782", "40788", "40856", "40904", "40905", "40906", "42013", "43022"),
    *("45024", "59046", "70210", "70229"),
)

CODES = frozenset((*_MONEY, *_POSITION, *_FULL, *_QUOTA, *_BOOK, *_TOO_SOON, *_ALREADY, *_FAILED))
