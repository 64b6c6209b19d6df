#pragma once
#include <curl/curl.h>

/* curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic, which Swift cannot call: one door a type. */
static inline CURLcode phonewire_curl_set_long(CURL *c, CURLoption o, long v) { return curl_easy_setopt(c, o, v); }
static inline CURLcode phonewire_curl_set_off(CURL *c, CURLoption o, curl_off_t v) { return curl_easy_setopt(c, o, v); }
static inline CURLcode phonewire_curl_set_text(CURL *c, CURLoption o, const char *v) { return curl_easy_setopt(c, o, v); }
static inline CURLcode phonewire_curl_set_pointer(CURL *c, CURLoption o, void *v) { return curl_easy_setopt(c, o, v); }
static inline CURLcode phonewire_curl_set_list(CURL *c, CURLoption o, struct curl_slist *v) { return curl_easy_setopt(c, o, v); }
/* CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION have the same shape. */
static inline CURLcode phonewire_curl_set_sink(CURL *c, CURLoption o, size_t (*f)(char *, size_t, size_t, void *)) {
    return curl_easy_setopt(c, o, f);
}
static inline CURLcode phonewire_curl_get_long(CURL *c, CURLINFO i, long *v) { return curl_easy_getinfo(c, i, v); }
static inline CURLcode phonewire_curl_get_off(CURL *c, CURLINFO i, curl_off_t *v) { return curl_easy_getinfo(c, i, v); }
static inline CURLcode phonewire_curl_get_text(CURL *c, CURLINFO i, const char **v) { return curl_easy_getinfo(c, i, v); }
static inline CURLcode phonewire_curl_get_pointer(CURL *c, CURLINFO i, void **v) { return curl_easy_getinfo(c, i, v); }
static inline CURLMcode phonewire_curl_multi_set_long(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }
/* Macros with casts, which Swift does not import. */
static inline long phonewire_curl_global_default(void) { return CURL_GLOBAL_DEFAULT; }
