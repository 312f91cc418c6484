# shellcheck shell=bash
# The machines that real guests are booted on. Sourced by build-guest.sh and boot-guest.sh.

# disk_arguments BUS DISK... : sets DISK_ARGUMENTS, QEMU's arguments for disks that stay as they are; it
# starts from number $boot_disk.
disk_arguments() {
  local bus=$1 disk number=0 format first
  shift
  DISK_ARGUMENTS=()
  case $bus in
    pvscsi) DISK_ARGUMENTS+=(-device pvscsi,id=scsi0) ;;
    ahci) DISK_ARGUMENTS+=(-device ahci,id=ahci0) ;;
    virtio) ;;
    *) die "no disk bus is called $bus" ;;
  esac
  for disk; do
    format=${disk##*.}
    number=$((number + 1))
    first=''
    # A UEFI's order is in its NVRAM, which this would override.
    [ "$number" != "${boot_disk:-1}" ] || [ "$firmware" = uefi ] || first=,bootindex=1
    DISK_ARGUMENTS+=(-drive "if=none,id=disk$number,format=$format,snapshot=on,file=$disk")
    case $bus in
      pvscsi) DISK_ARGUMENTS+=(-device "scsi-hd,bus=scsi0.0,scsi-id=$((number - 1)),drive=disk$number$first") ;;
      ahci) DISK_ARGUMENTS+=(-device "ide-hd,bus=ahci0.$((number - 1)),drive=disk$number$first") ;;
      virtio) DISK_ARGUMENTS+=(-device "virtio-blk-pci,drive=disk$number$first") ;;
    esac
  done
}

# free_port : a port of the loopback interface that nothing listens on.
free_port() {
  local port
  while :; do
    port=$((RANDOM % 20000 + 40000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  printf '%s\n' "$port"
}

# card_arguments MODEL MAC... : sets CARD_ARGUMENTS for ${cards[@]} with these addresses, and PORTS,
# the port at which each card's static address is reached; "-" for a card without one.
card_arguments() {
  local model=$1 card address number=0 port
  shift
  CARD_ARGUMENTS=() PORTS=()
  for card in "${cards[@]}"; do
    address=${card#* }
    if [ "$address" = - ]; then
      CARD_ARGUMENTS+=(-netdev "user,id=net$number,restrict=on,ipv6=off")
      PORTS+=(-)
    else
      port=$(free_port)
      CARD_ARGUMENTS+=(-netdev "user,id=net$number,net=${address%.*}.0/24,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:$port-$address:22")
      PORTS+=("$port")
    fi
    CARD_ARGUMENTS+=(-device "$model,netdev=net$number,mac=$1")
    shift
    number=$((number + 1))
  done
}
