# Made by `bitget completion`.
_bitget() {
    local line=${COMP_LINE:0:COMP_POINT} told typed cut=
    COMPREPLY=()
    typed=${line##*[[:space:]]}
    # bash takes a word apart at these, and completes the last part.
    [[ $COMP_WORDBREAKS == *:* && $typed == *:* ]] && cut=${typed%"${typed##*:}"}
    [[ $COMP_WORDBREAKS == *=* && $typed == *=* && $cut != *=* ]] && cut=${typed%"${typed##*=}"}
    while IFS= read -r told; do
        if [[ $told == $'\tfiles' ]]; then
            compopt -o bashdefault -o default 2>/dev/null
            return
        fi
        told=${told%%$'\t'*}
        told=${told#"$cut"}
        [[ $told == *[[:space:]]* ]] && printf -v told %q "$told"
        COMPREPLY+=("$told")
    done < <(_BITGET_COMPLETE=$line "$1" 2>/dev/null)
    # A parameter of an endpoint goes on.
    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
    return 0
}
complete -F _bitget bitget
