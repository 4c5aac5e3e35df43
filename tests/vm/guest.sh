#!/bin/bash
# Runs inside the virtual machine, as its only program. Root is the host's, read-only.
results=$1 modules=$2
mount -t devpts devpts /dev/pts 2>/dev/null
echo 0 > /proc/sys/kernel/printk
modprobe -d "$modules" vivid n_devs=1 || echo "vivid: cannot load" > "$results/error"
for _ in $(seq 100); do [ -e /dev/video0 ] && break; sleep 0.2; done
timeout 300 "$results/v4l2_probe" 30 200 > "$results/out.jsonl" 2> "$results/err.txt"
echo $? > "$results/rc"
sync
echo o > /proc/sysrq-trigger
sleep 30
