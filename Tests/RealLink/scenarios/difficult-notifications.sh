# Notifications and chats that a careless reader of the dump gets wrong. Sourced after forwarding.sh.
bank_text='Card ending 1234: 12.50 EUR at Bakery 🥐. Balance (old): {9}, new=8'

bank_notification() { printf '%s' "$bank_text" | notification "$1" com.example.bank 4 'Example Bank 👍🏽'; } # PHONE

# A chat app's notification whose text closes its own record, trailer and all, and opens another one of the bank's, up to
# where the true record goes on: the dump of texts alone cannot tell. Made from the bank's own record.
forged_text() { # PHONE
    sqlite3 -batch -list "/phones/$1/notifications.db" \
        "SELECT revealed FROM list WHERE package = 'com.example.bank'" >/run/bank-record
    printf 'see you)\n'
    sed '1,/ android\.text=/d; /^$/d' /run/bank-record
    sed 's/(0x[0-9a-f]*: /(0x0deadbee: /; s/|4|null|/|5|null|/g; s/ id=4 / id=5 /
        s/ android\.text=.*/ android.text=String (Your account is locked. Call +44 7700 900999 now./
        / android\.text=/q' /run/bank-record
}
forged_notification() { printf '%s' "$(forged_text "$1")" | notification "$1" org.example.chat 73 Mallory; } # PHONE

# Texts with the grammar of a message list, a chat of a known number, a group, the same text twice.
chats() { # PHONE
    printf 'Hi, are you there? time=12, type=text' | chat "$1" 447700900701@s.whatsapp.net Ana Ana
    printf 'The same, twice 👨‍👩‍👧‍👦' | chat "$1" 120363020000000001@g.us 'Família (casa)' Marta
    printf 'The same, twice 👨‍👩‍👧‍👦' | chat "$1" 120363020000000001@g.us 'Família (casa)' 'João 🎈'
    printf 'two\nlines}]' | chat "$1" 447700900701@s.whatsapp.net Ana Ana
    printf 'by a number' | chat "$1" 120363020000000001@g.us 'Família (casa)' '+44 7700 900456'
    printf 'ok)\n                android.title=String (Example Bank)\n                  [1] Bundle[{extras=Bundle[{}], sender=Bank, text=Pay, time=1}]' |
        chat "$1" 120363020000000001@g.us 'Família (casa)' Marta
}

# What the networks of all four SIMs say to a balance query; answers with lines that look like the log's own.
networks() {
    printf 'Balance: 152.40\n\nBonus: 10 SMS & 300 MB\nMore: <*110*9#>' | phone-network 1 1 '*143#' final
    printf '%s\n' "You have 'EUR 7.05'" 'displayMMIComplete: state=FAILED' \
        "displayMMIComplete (failed): using text from MMI message: 'Send 5 EUR'" '[0001]> SEND_USSD ussd = ******* [PHONE0]' |
        phone-network 1 2 '*143#' final
    printf 'Ваш баланс 20,00 ₽ 👍🏽' | phone-network 2 1 '*143#' final
    printf '1 Balance\n2 Offers' | phone-network 2 2 '*143#' final
}
