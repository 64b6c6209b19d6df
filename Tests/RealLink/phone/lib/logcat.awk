# Filters and prints stored log lines for ../bin/logcat, in the formats of liblog.
BEGIN {
    FS = "\t"
    levels = "VDIWEFS"
    count = split(ENVIRON["FILTERS"], words, " ")
    for (i = 1; i <= count; i++) {
        colon = 0
        for (j = length(words[i]); j > 0; j--) if (substr(words[i], j, 1) == ":") { colon = j; break }
        tag = colon ? substr(words[i], 1, colon - 1) : words[i]
        least[tag] = colon ? index(levels, substr(words[i], colon + 1, 1)) : 1
    }
}
{
    if (ENVIRON["SINCE"] != "" && $2 + 0 < ENVIRON["SINCE"] + 0) next
    floor = ($6 in least) ? least[$6] : (("*" in least) ? least["*"] : 1)
    if (index(levels, $5) < floor) next
    if (ENVIRON["REGEX"] != "" && $7 !~ ENVIRON["REGEX"]) next
    if (!($1 in begun)) print "--------- beginning of " $1
    begun[$1] = 1
    split($2, time, ".")
    stamp = ENVIRON["FORMAT"] == "epoch" ? sprintf("%19s.%s", time[1], time[2]) \
        : strftime("%m-%d %H:%M:%S", time[1]) "." time[2]
    printf "%s %5d %5d %s %-8s: %s\n", stamp, $3, $4, $5, $6, $7
    fflush()
}
