# Made by `bitget completion`.
function __bitget_told
    set -l program (commandline -opc)[1]
    set -l told (_BITGET_COMPLETE=(commandline -cp | string collect) $program 2>/dev/null)
    if test "$told[1]" = \tfiles
        __fish_complete_path (commandline -ct)
    else if set -q told[1]
        printf '%s\n' $told
    end
end
complete --command bitget --no-files --keep-order --arguments '(__bitget_told)'
