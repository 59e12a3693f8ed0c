# Stops the throwaway server once nobody uses it. $1 is its folder; throwaway.rs explains the locks.
exec 8>>"$1/guard"
flock --nonblock --exclusive 8 || exit 0
while :; do
    # Wait until nobody uses it. The next test may be in a process that is only starting, so give it time.
    flock --exclusive "$1/users" true
    sleep 2
    # Whoever comes from here on waits until the server is gone, and starts one.
    exec 9>>"$1/users"
    flock --nonblock --exclusive 9 && break
    exec 9>&-
done
pid=$(head -n 1 "$1/data/postmaster.pid") && kill -QUIT "$pid" && while kill -0 "$pid"; do sleep 0.05; done
rm -rf "$1/ready" "$1/data" "$1/socket" "$1"/varco_template_*
