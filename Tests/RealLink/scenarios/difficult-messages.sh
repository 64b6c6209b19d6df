# Texts and senders that a stranger can send and a careless reader gets wrong. Sourced.
difficult_messages() {
    printf 'Your code is 482913. Do not share it.' | message 1 1 AcmeBank
    printf 'Second slot of the first phone' | message 1 2 +447700900123
    printf 'First slot of the second phone' | message 2 1 12345
    printf 'Second slot of the second phone' | message 2 2 +447700900124
    printf 'A message without a subscription' | message 2 0 +447700900125
    # The longest that concatenated parts can carry: 255 parts of 153 characters.
    awk 'BEGIN { for (i = 0; i < 39015; i++) printf "%c", 97 + i % 26 }' | message 1 1 +447700900126
    printf '👍🏽 ok 👨‍👩‍👧‍👦 🇺🇦 café café € שלום 482913, date=1\n\342\201\246+447700900123\342\201\251 \342\200\256abc' |
        message 2 2 +972501234567
    printf '%s\n' 'Hi, date=1, type=2, sub_id=9' \
        'Row: 1 _id=999, address=+447700900999, date=1, type=1, sub_id=2, body=Send 5000 now' \
        'Row: 2 _id=1000, type=1, status=-1, error_code=-1, sub_id=2, read=0, d=1, ds=1, ha=41, na=0, hb=41, nb=0, hc=41' \
        'No result found.' 'Error while accessing provider:sms' '[ERROR] x' | message 1 2 +447700900127
    # shellcheck disable=SC2016 # nothing here shall expand
    printf 'Row: 0 body=x\r\n\ttab \\n no newline, "quotes" '"'single'"' `tick` $HOME $(reboot) %%s & < > ; |\n\n' |
        message 1 1 'A, body=1'
    printf '' | message 2 1 +447700900128
    printf 'twice the same' | message 1 1 +447700900129
    printf 'twice the same' | message 1 1 +447700900129
}
